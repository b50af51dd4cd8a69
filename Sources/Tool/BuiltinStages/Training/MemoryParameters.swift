package import StageKit
package import Training

/// How much memory a training stage may take, and what it may do to stay within it.
package struct MemoryParameters: Sendable {
  package let checkpointing: GradientCheckpointing
  /// Bytes; nil: what the machine has.
  package let limit: Int?

  package init(_ read: inout ParameterReader) {
    checkpointing = read.choice(
      "gradient_checkpointing", default: .auto,
      help: "Compute layers again for backward instead of keeping them: auto, as few as the "
        + "memory asks for; true, all; false, none; offload, all, and on a card their inputs wait in "
        + "the host's memory, which auto does last. The numbers stay the same.")
    limit = Self.limit(&read)
  }

  private static func limit(_ read: inout ParameterReader) -> Int? {
    guard
      let text = read.optionalString(
        "memory_limit", help: "Memory of the stage, such as 6GB; what the machine has by default.")
    else { return nil }
    guard let bytes = bytes(text), bytes > 0 else {
      read.problem(
        "memory_limit", "memory_limit is '\(text)', expected a number with a unit such as 6GB",
        fix: "use B, KB, MB, GB, KiB, MiB or GiB")
      return nil
    }
    return bytes
  }

  /// `6GB`, `512 MiB`, `1.5GiB`; plain numbers are bytes. nil: not a size.
  static func bytes(_ text: String) -> Int? {
    let text = text.filter { $0 != " " }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let units = [
      "": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 0x1p10, "mib": 0x1p20,
      "gib": 0x1p30, "tib": 0x1p40,
    ]
    guard let number = Double(digits), let unit = units[text.dropFirst(digits.count).lowercased()],
      number * unit < 0x1p60
    else { return nil }
    return Int(number * unit)
  }
}
