import BlockFormats
import CKernels
import Testing

/// The quantizing kernels of every instruction set against the types' definitions.
@Suite("Block kernels")
struct BlockFormatKernelTests {
  struct Level: Sendable, CustomStringConvertible {
    let number: UInt32

    var quantizers: UnsafePointer<orc_quantizers>? { orc_quantizers_at(orc_level(number)) }
    var description: String { quantizers.map { String(cString: $0.pointee.name) } ?? "absent" }

    static let available = (0..<3 as Range<UInt32>).map(Level.init).filter { $0.quantizers != nil }
  }

  static let types: [(name: String, type: orc_block_type)] = [
    ("Q4_0", ORC_Q4_0), ("Q4_1", ORC_Q4_1), ("Q5_0", ORC_Q5_0), ("Q5_1", ORC_Q5_1),
    ("Q8_0", ORC_Q8_0), ("Q2_K", ORC_Q2_K), ("Q3_K", ORC_Q3_K), ("Q4_K", ORC_Q4_K),
    ("Q5_K", ORC_Q5_K), ("Q6_K", ORC_Q6_K), ("IQ4_NL", ORC_IQ4_NL), ("IQ4_XS", ORC_IQ4_XS),
  ]

  /// Bytes of the blocks that were encoded, and the numbers of those that were not.
  static func encode(
    _ values: [Float], _ format: BlockFormat, _ type: orc_block_type, _ level: Level,
    importance: [Float]?
  ) -> (bytes: [UInt8], odd: [UInt32]) {
    guard let table = level.quantizers, let encoder = orc_encoder(table, type) else {
      return ([], [])
    }
    let blocks = values.count / format.blockElements
    var bytes = [UInt8](repeating: 0, count: blocks * format.blockBytes)
    var odd = [UInt32](repeating: 0, count: blocks)
    guard let importance else {
      let count = encoder(&bytes, values, blocks, nil, &odd)
      return (bytes, Array(odd[..<count]))
    }
    let rows = values.count / importance.count
    var squares = [Float](repeating: 0, count: rows)
    table.pointee.mean_squares(&squares, values, rows, importance.count)
    let count = importance.withUnsafeBufferPointer { weights in
      squares.withUnsafeBufferPointer { squares in
        var weights = orc_importance(
          weights: weights.baseAddress, columns: weights.count, mean_squares: squares.baseAddress)
        return encoder(&bytes, values, blocks, &weights, &odd)
      }
    }
    return (bytes, Array(odd[..<count]))
  }

  @Test("every level gives the definition's bytes", arguments: Level.available, types.map(\.name))
  func encodes(_ level: Level, _ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    let type = try #require(Self.types.first { $0.name == name }).type
    // Blocks that fill no register, fill one, and leave a rest.
    for blocks in [1, 16, 21] {
      for kind in BlockRows.Kind.allCases {
        let values = BlockRows.values(kind, blocks * format.blockElements, seed: 3)
        for weights in [nil, .squares, .halves] as [BlockRows.Weights?] {
          let importance = weights.map { BlockRows.importance($0, format.blockElements) }
          let (bytes, odd) = Self.encode(values, format, type, level, importance: importance)
          let expected =
            importance.flatMap { weights in
              format.usesImportance
                ? BlockFormatWeightedTests.encodeReference(values, format, importance: weights)
                : nil
            } ?? BlockFormatTests.encode(values, format, reference: true)
          for block in 0..<blocks where !odd.contains(UInt32(block)) {
            let range = block * format.blockBytes..<(block + 1) * format.blockBytes
            #expect(bytes[range] == expected[range], "\(kind), block \(block) of \(blocks)")
          }
          // Weights of 0 can make a fit shrink its range until the definition must decide.
          if weights != .halves, [.normal, .mixed, .offset, .zeros, .sparse].contains(kind) {
            #expect(odd.isEmpty)
          }
          #expect(odd == odd.sorted() && odd.allSatisfy { $0 < blocks })
        }
      }
    }
  }

  @Test("every level decodes as the definition does", arguments: Level.available, types.map(\.name))
  func decodes(_ level: Level, _ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    let type = try #require(Self.types.first { $0.name == name }).type
    let decoder = try #require(orc_decoder(try #require(level.quantizers), type))
    var state: UInt64 = 1
    let bytes = (0..<format.blockBytes * 300).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
    var values = [Float](repeating: 0, count: 300 * format.blockElements)
    decoder(&values, bytes, 300)
    let expected = BlockFormatTests.decode(bytes, format, reference: true)
    #expect(values.map(BlockFormatTests.bits) == expected.map(BlockFormatTests.bits))
  }

  @Test("mean squares are summed in order", arguments: Level.available, [32, 33, 100])
  func meanSquares(_ level: Level, _ columns: Int) throws {
    let rows = 19
    let values = BlockRows.values(.mixed, rows * columns, seed: 4)
    var squares = [Float](repeating: .nan, count: rows)
    try #require(level.quantizers).pointee.mean_squares(&squares, values, rows, columns)
    for row in 0..<rows {
      var sum: Float = 0
      for value in values[row * columns..<(row + 1) * columns] { sum += value * value }
      #expect(squares[row] == sum / Float(columns))
    }
  }
}
