import Foundation

enum ByteCount {
  /// `712 bytes`, `3.4 MB`.
  static func words(_ bytes: Int) -> String {
    if bytes < 1000 { return "\(bytes) bytes" }
    var value = Double(bytes)
    var unit = ""
    for name in ["kB", "MB", "GB", "TB"] where value >= 1000 {
      value /= 1000
      unit = name
    }
    return String(format: "%.1f ", value) + unit
  }
}
