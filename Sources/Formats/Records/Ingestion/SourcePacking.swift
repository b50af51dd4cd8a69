/// How a source file is packed; told by the last ending of its name.
package enum SourcePacking: String, Sendable, CaseIterable {
  case none, gzip, zstd

  private static let endings: [(ending: String, packing: SourcePacking)] = [
    (".gz", .gzip), (".zst", .zstd), (".zstd", .zstd),
  ]

  /// The packing that the name stands for, and the name without that ending.
  package static func byEnding(of name: String) -> (packing: SourcePacking, inner: String) {
    let lower = name.lowercased()
    for (ending, packing) in endings where lower.hasSuffix(ending) {
      return (packing, String(name.dropLast(ending.count)))
    }
    return (.none, name)
  }

  /// The bytes such a file begins with.
  var magic: [UInt8] {
    switch self {
    case .none: []
    case .gzip: [0x1F, 0x8B]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    }
  }

  /// The Debian package and the file of the library that unpacks it.
  var library: (package: String, file: String) {
    self == .zstd ? ("libzstd1", "libzstd.so.1") : ("zlib1g", "libz.so.1")
  }
}
