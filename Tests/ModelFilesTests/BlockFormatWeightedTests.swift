import BlockFormats
import Diagnostics
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

@Suite("Block formats with importance")
struct BlockFormatWeightedTests {
  static let weighted = BlockFormat.all.filter(\.usesImportance).map(\.name)

  static func encode(
    _ values: [Float], _ format: BlockFormat, columns: Int, importance: [Float]?
  ) -> [UInt8] {
    let count = format.byteCount(elements: values.count) ?? 0
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      initialized = count
      let target = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(bytes)[..<count])
      values.withUnsafeBufferPointer { values in
        guard let importance else {
          return format.encodeRows(values, columns: columns, importance: nil, to: target)
        }
        importance.withUnsafeBufferPointer {
          format.encodeRows(values, columns: columns, importance: $0, to: target)
        }
      }
    }
  }

  static func encodeReference(
    _ values: [Float], _ format: BlockFormat, importance: [Float]
  ) -> [UInt8] {
    let count = format.byteCount(elements: values.count) ?? 0
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      initialized = count
      let target = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(bytes)[..<count])
      values.withUnsafeBufferPointer { values in
        importance.withUnsafeBufferPointer { format.referenceWeightedEncode?(values, $0, target) }
      }
    }
  }

  /// 8 rows of 512 cubes of evenly spread numbers in -0.5 ..< 0.5, and squares for the columns.
  static let goldenRows: (values: [Float], importance: [Float]) = (
    (0..<8 * 512).map { index in
      let hash = UInt32(truncatingIfNeeded: index &* 2_654_435_761)
      let value = Float(hash >> 8) / 0x1p24 - 0.5
      return value * value * value
    },
    (0..<512).map { column in
      let value = Float((column * 40503 + 7) % 65536) / 65536
      return value * value
    }
  )

  /// SHA-256 of what ggml 0.25.3 (`ggml_quantize_chunk` with an importance matrix, built without
  /// machine flags) makes of ``goldenRows``.
  @Test(
    "bytes equal ggml's weighted quantizers",
    arguments: [
      ("Q4_0", "30ed3946799c76937fcaf3853004c3b870d2287c35544f175b9b4f3108f7d2a1"),
      ("Q4_1", "27f35ee6bfe2ceb65c8edb9eb0750a46ac6777254f4c67508656de50eac2917f"),
      ("Q5_0", "7d4b757b88f3ee7fe8a5876c93cdaa1462f4a0a22af2a3bac7cedd82aceaf35d"),
      ("Q5_1", "3a6a88518e8b8301abc30a753b3ed0de6a4d593b96bb113bde9da7425953a808"),
      ("Q2_K", "57aa350d33559dd26ae86fd8fd3884032ee8b605da5d4c09a20983ff89d0cf9d"),
      ("Q3_K", "0a97baa3191895202420c9a6f2976869e4e0e11c6e178b5176889b62a11825e2"),
      ("Q4_K", "fc6c6fe533fef9702a4c06963be45e49f63377c85108150db8962ef390800047"),
      ("Q5_K", "98e26fdc1c6e9dc54b73b57bc4beb145d591627b9081753b7e53541d7ba51033"),
      ("Q6_K", "6f9c62c1046d0d15bab5d9d035ed2e9373988d1996f9d15231009c3d88e222ab"),
      ("IQ4_NL", "5d7fd59e84f1c602d2c0dcbacdb006e91834c13a0b3bc5d2e41973352ab8d381"),
      ("IQ4_XS", "039db018f03f4c21972360c3ebcb2a5e388b5b9a4c0b170ccea16e51c7625a99"),
    ])
  func golden(_ name: String, _ digest: String) throws {
    let format = try #require(BlockFormat.named(name))
    let (values, importance) = Self.goldenRows
    #expect(
      Digest(of: Self.encode(values, format, columns: 512, importance: importance)).hex == digest)
    #expect(Digest(of: Self.encodeReference(values, format, importance: importance)).hex == digest)
  }

  @Test(
    "fast encoders give the reference's bytes for every kind of row and importance",
    arguments: weighted)
  func fast(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    for columns in [256, 512, 1280] + (format.blockElements == 32 ? [32, 96] : []) {
      for kind in BlockRows.Kind.allCases {
        for weights in BlockRows.Weights.allCases {
          let values = BlockRows.values(kind, 3 * columns, seed: UInt64(columns))
          let importance = BlockRows.importance(weights, columns)
          let bytes = Self.encode(values, format, columns: columns, importance: importance)
          #expect(
            bytes == Self.encodeReference(values, format, importance: importance),
            "\(kind), \(weights), \(columns) columns")
        }
      }
    }
  }

  @Test("a row's bytes do not depend on the rows beside it", arguments: weighted)
  func rows(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    let columns = 768
    let values = BlockRows.values(.mixed, 37 * columns, seed: 5)
    let importance = BlockRows.importance(.squares, columns)
    let all = Self.encode(values, format, columns: columns, importance: importance)
    let alone = (0..<37).flatMap { row in
      Self.encode(
        Array(values[row * columns..<(row + 1) * columns]), format, columns: columns,
        importance: importance)
    }
    #expect(all == alone)
  }

  @Test("importance makes the weighted error smaller", arguments: weighted)
  func error(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    let values = BlockRows.values(.normal, 16 * 512, seed: 1)
    let importance = BlockRows.importance(.squares, 512)
    func error(_ bytes: [UInt8]) -> Double {
      zip(BlockFormatTests.decode(bytes, format, reference: false), values).enumerated().reduce(0) {
        let rest = Double($1.element.0) - Double($1.element.1)
        return $0 + Double(importance[$1.offset % 512]) * rest * rest
      }
    }
    let plain = error(Self.encode(values, format, columns: 512, importance: nil))
    let weighted = error(Self.encode(values, format, columns: 512, importance: importance))
    #expect(weighted < 0.97 * plain, "\(weighted) of \(plain)")
  }

  @Test(
    "types without weights give the same bytes with importance",
    arguments: BlockFormat.all.filter { !$0.usesImportance }.map(\.name))
  func ignored(_ name: String) throws {
    #expect(["F32", "F16", "Q8_0", "BF16"].contains(name))
    let format = try #require(BlockFormat.named(name))
    let (values, importance) = Self.goldenRows
    #expect(
      Self.encode(values, format, columns: 512, importance: importance)
        == Self.encode(values, format, columns: 512, importance: nil))
  }

  @Test("the bytes do not depend on the number of threads", arguments: weighted)
  func threads(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    let columns = 1024
    let values = BlockRows.values(.normal, 600 * columns, seed: 2)
    let importance = BlockRows.importance(.squares, columns)
    let bytes = try [1, 3].map { threads in
      try format.encoded(
        values, columns: columns, importance: importance, tensor: "x", pool: .init(threads: threads)
      )
    }
    #expect(bytes[0] == bytes[1])
    #expect(bytes[0] == Self.encode(values, format, columns: columns, importance: importance))
  }

  @Test(
    "importance that does not fit is refused with the tensor's name",
    arguments: [
      (
        [Float](repeating: 1, count: 32),
        "the tensor 'x' has rows of 64 values, but its importance has 32"
      ),
      (
        [Float](repeating: 1, count: 63) + [-1],
        "the importance of the tensor 'x' is -1.0 at column 63, expected a finite number of at least 0"
      ),
      (
        [.infinity] + [Float](repeating: 1, count: 63),
        "the importance of the tensor 'x' is inf at column 0, expected a finite number of at least 0"
      ),
    ])
  func refused(_ importance: [Float], _ message: String) {
    let failure = #expect(throws: Failure.self) {
      _ = try BlockFormat.q4_0.encoded(
        [Float](repeating: 1, count: 128), columns: 64, importance: importance, tensor: "x",
        pool: .init(threads: 1))
    }
    #expect(failure?.diagnostics.first?.message == message)
  }
}
