internal import Documents

/// Amounts of memory as written in a pipeline and on the command line: `512MB`, `4GB`, `1.5GiB`.
///
/// Powers of 1024 with and without the `i`, as `--memory` of Docker and Slurm has them.
package enum MemoryText {
  private static let units: [(names: [String], bytes: Double)] = [
    (["B"], 1), (["K", "KB", "KiB"], 0x1p10), (["M", "MB", "MiB"], 0x1p20),
    (["G", "GB", "GiB"], 0x1p30), (["T", "TB", "TiB"], 0x1p40),
  ]

  /// Bytes, or nil when `text` is no amount, is nothing, or is more than 1 PiB.
  package static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var name = text.dropFirst(digits.count)
    if name.first == " " { name = name.dropFirst() }
    guard let value = CoreSchema.number(text: String(digits)), value > 0,
      let unit = units.first(where: { $0.names.contains(String(name)) })
    else { return nil }
    let bytes = (value * unit.bytes).rounded(.up)
    return bytes <= 0x1p50 ? Int(bytes) : nil
  }

  /// `4 GB`, `1.5 GB`, `512 MB`.
  package static func words(_ bytes: Int) -> String {
    for unit in units.reversed() where Double(bytes) >= unit.bytes {
      let value = (Double(bytes) / unit.bytes * 10).rounded() / 10
      let shown = value == value.rounded() ? String(Int(value)) : String(value)
      return "\(shown) \(unit.names.count > 1 ? unit.names[1] : "B")"
    }
    return "0 B"
  }
}
