import Diagnostics

/// Reads the keys of one architecture from a file.
struct GGUFKeyReader {
  let file: GGUFReader
  let architecture: String

  subscript(key: String) -> GGUFValue? { file["\(architecture).\(key)"] }

  func problem(_ message: String) -> Failure {
    Diagnostic("gguf.model", "\(SafeText.path(file.path)): \(message)").failure(.badInput)
  }

  /// - Throws: ``Failure`` when the key is missing without a default, no whole number, or outside
  ///   the range.
  func integer(
    _ key: String, in range: ClosedRange<Int> = 1...1 << 24, default fallback: Int? = nil
  ) throws -> Int {
    guard let value = self[key] else {
      if let fallback { return fallback }
      throw problem(
        "'\(architecture).\(key)' is missing, expected \(range.lowerBound) to \(range.upperBound)")
    }
    // Newer files may give a number for each layer where all have the same.
    var number = value.integer
    if let each = value.integers, let first = each.first, each.allSatisfy({ $0 == first }) {
      number = Int(exactly: first)
    }
    guard let number, range.contains(number) else {
      let found = number.map(String.init) ?? "of type \(value.type.name)"
      throw problem(
        "'\(architecture).\(key)' is \(found), expected \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return number
  }

  /// The number as its shortest decimal says it: 1e-5, not its nearest binary32.
  func number(_ key: String, default fallback: Double) throws -> Double {
    guard let value = self[key] else { return fallback }
    guard let number = value.number, number.isFinite else {
      throw problem("'\(architecture).\(key)' is no finite number")
    }
    return Self.decimal(number)
  }

  static func decimal(_ number: Double) -> Double {
    value(of: Float(number), for: number)
  }

  private static func value(of float: Float, for number: Double) -> Double {
    Double(float) == number ? Double(float.description) ?? number : number
  }

  var layerCount: Int { get throws { try integer("block_count", in: 1...65536) } }
  var hiddenSize: Int { get throws { try integer("embedding_length") } }
  var headCount: Int { get throws { try integer("attention.head_count", in: 1...65536) } }

  var headSize: Int {
    get throws {
      let size =
        self["attention.key_length"] == nil
        ? try hiddenSize / headCount : try integer("attention.key_length", in: 2...65536)
      guard size > 0, size % 2 == 0 else {
        throw problem("\(try headCount) heads of \(size): expected an even head size")
      }
      return size
    }
  }

  /// Components of a head that rotate.
  var ropeDimensions: Int {
    get throws {
      let headSize = try headSize
      let dimensions = try integer("rope.dimension_count", in: 2...65536, default: headSize)
      guard dimensions <= headSize, dimensions % 2 == 0 else {
        throw problem("\(dimensions) of \(headSize) components of a head rotate")
      }
      return dimensions
    }
  }
}
