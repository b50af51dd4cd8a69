import BlockFormats
import Diagnostics
import Documents
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

@Suite("Block formats")
struct BlockFormatTests {
  static func encode(_ values: [Float], _ format: BlockFormat, reference: Bool) -> [UInt8] {
    let count = format.byteCount(elements: values.count) ?? 0
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      initialized = count
      let target = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(bytes)[..<count])
      values.withUnsafeBufferPointer {
        reference ? format.referenceEncode($0, target) : format.encode($0, target)
      }
    }
  }

  static func decode(_ bytes: [UInt8], _ format: BlockFormat, reference: Bool) -> [Float] {
    let count = bytes.count / format.blockBytes * format.blockElements
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      initialized = count
      let target = UnsafeMutableBufferPointer(rebasing: values[..<count])
      bytes.withUnsafeBytes {
        reference ? format.referenceDecode($0, target) : format.decode($0, target)
      }
    }
  }

  /// Floats of every exponent, half of them special.
  static func values(_ count: Int, seed: UInt64) -> [Float] {
    let random = CounterRandom(seed: seed, stream: "floats")
    let special: [Float] = [
      0, -0.0, 65504, 65519.996, 65520, -65520, 5.9604645e-8, 2.9802322e-8, 2.9802326e-8,
      6.097555e-5, 6.1035156e-5, 0x1p-140, -0x1p-149, 3.3895314e38, 3.4028235e38, .infinity,
      -.infinity, .nan, -.nan, 1, 1.00048828125, 1.0004884, 1.00390625, 1.0078125,
    ]
    return (0..<count).map { index in
      index % 3 == 0
        ? special[random.integer(UInt64(index), below: special.count)]
        : Float(bitPattern: UInt32(truncatingIfNeeded: random.bits(UInt64(index))))
    }
  }

  @Test("fast encoders give the reference's bytes", arguments: BlockFormat.all.map(\.name))
  func fastEncode(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    for seed in UInt64(0)..<4 {
      let values = Self.values(32 * 1024, seed: seed)
      let fast = Self.encode(values, format, reference: false)
      #expect(fast == Self.encode(values, format, reference: true), "seed \(seed)")
    }
  }

  @Test("fast decoders give the reference's values", arguments: BlockFormat.all.map(\.name))
  func fastDecode(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    let random = CounterRandom(seed: 3, stream: "bytes")
    let bytes = (0..<format.blockBytes * 4096).map {
      UInt8(truncatingIfNeeded: random.bits(UInt64($0)))
    }
    let fast = Self.decode(bytes, format, reference: false)
    let reference = Self.decode(bytes, format, reference: true)
    #expect(fast.map(Self.bits) == reference.map(Self.bits))
  }

  /// NaNs are one value: how a signalling one becomes quiet is the processor's choice.
  static func bits(_ value: Float) -> UInt32 { value.isNaN ? 0x7FC0_0000 : value.bitPattern }

  @Test("every half reads as the processor reads it and is written back")
  func everyHalf() {
    var bytes: [UInt8] = []
    for half in UInt16.min...UInt16.max { bytes += [UInt8(half & 0xFF), UInt8(half >> 8)] }
    let values = Self.decode(bytes, .f16, reference: false)
    for (index, value) in values.enumerated() {
      #expect(
        Self.bits(value) == Self.bits(Float(Float16(bitPattern: UInt16(index)))), "\(index)")
    }
    let back = Self.encode(values, .f16, reference: false)
    for index in 0..<65536 where !values[index].isNaN {
      #expect(back[2 * index] == bytes[2 * index] && back[2 * index + 1] == bytes[2 * index + 1])
    }
  }

  @Test("a value beyond the type is refused with the tensor's name")
  func range() throws {
    let failure = #expect(throws: Failure.self) {
      _ = try BlockFormat.f16.encoded([1, 65504, -70000, 65505], tensor: "model.norm.weight")
    }
    #expect(
      failure?.diagnostics.first?.message
        == "the tensor 'model.norm.weight' has 2 values that F16 cannot hold (magnitude 70000.0, "
        + "the largest is 65504.0)")
    #expect(failure?.diagnostics.first?.fix == "export as bf16 or f32")
    #expect(try BlockFormat.f16.encoded([65504, -65504], tensor: "x") == [0xFF, 0x7B, 0xFF, 0xFB])
  }

  @Test(
    "bytes and values equal ggml's reference quantizers",
    .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"),
    arguments: BlockFormat.all.map(\.name).filter { $0 != "F32" })
  func oracle(_ name: String) throws {
    let folder = SharedMaterial.formats.path("gguf/quant/")
    let meta = try JSONReader.parse(SharedMaterial.bytes(folder + "meta.json"), file: "meta.json")
    let expected = meta["types"]?[name]
    let input = Self.decode(try SharedMaterial.bytes(folder + "input.f32"), .f32, reference: true)
    let format = try #require(BlockFormat.named(name))
    let stored = try SharedMaterial.bytes(folder + "\(name).bin")
    for reference in [true, false] {
      let bytes = Self.encode(input, format, reference: reference)
      #expect(bytes == stored)
      #expect(Digest(of: bytes).hex == expected?["sha256"]?.stringValue)
      let values = Self.decode(bytes, format, reference: reference)
      #expect(
        Digest(of: Self.encode(values, .f32, reference: true)).hex
          == expected?["dequantized_f32_sha256"]?.stringValue)
    }
  }

  @Test(
    "fast encoders give the reference's bytes for every kind of row",
    arguments: BlockFormat.all.map(\.name))
  func everyKind(_ name: String) throws {
    let format = try #require(BlockFormat.named(name))
    for kind in BlockRows.Kind.allCases {
      let values = BlockRows.values(kind, 37 * 256, seed: 11)
      let fast = Self.encode(values, format, reference: false)
      #expect(fast == Self.encode(values, format, reference: true), "\(kind)")
    }
  }

  /// Root mean square errors of a standard normal row, as measured with ggml's quantizers.
  @Test(
    "the error on a normal row is what the type is known for",
    arguments: [
      ("F16", 0.0002), ("BF16", 0.0016), ("Q8_0", 0.0052), ("Q6_K", 0.018), ("Q5_K", 0.036),
      ("Q5_1", 0.037), ("Q5_0", 0.040), ("Q4_K", 0.068), ("IQ4_NL", 0.070), ("IQ4_XS", 0.072),
      ("Q4_1", 0.075), ("Q4_0", 0.086), ("Q3_K", 0.151), ("Q2_K", 0.289),
    ])
  func error(_ name: String, _ expected: Double) throws {
    let format = try #require(BlockFormat.named(name))
    let values = BlockRows.values(.normal, 16 * 1024, seed: 6).map { 50 * $0 }
    let decoded = Self.decode(
      Self.encode(values, format, reference: false), format, reference: false)
    let sum = zip(values, decoded).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }
    let error = (sum / Double(values.count)).squareRoot()
    #expect(error > 0.8 * expected && error < 1.2 * expected, "\(error)")
  }

  @Test("scales that overflow are refused with the tensor's name")
  func scaleRange() throws {
    let values = [Float](repeating: 60000, count: 255) + [65504 * 63]
    let failure = #expect(throws: Failure.self) {
      _ = try BlockFormat.q2_K.encoded(values.map { $0 / 2 }, tensor: "model.norm.weight")
    }
    #expect(
      failure?.diagnostics.first?.message
        == "the tensor 'model.norm.weight' has 1 values that Q2_K cannot hold (magnitude "
        + "2063376.0, the largest is 982560.0)")
    let broken = #expect(throws: Failure.self) {
      _ = try BlockFormat.q4_1.encoded(
        [Float](repeating: -65504, count: 31) + [65504] + [Float](repeating: 65504, count: 32),
        tensor: "x")
      _ = try BlockFormat.q4_1.encoded(
        [Float](repeating: 1, count: 32) + [Float](repeating: 65520, count: 32), tensor: "x")
    }
    #expect(broken?.diagnostics.first?.code == "model.value-range")
    var bytes = try BlockFormat.q4_K.encoded([Float](repeating: 1, count: 512), tensor: "x")
    #expect(bytes.withUnsafeBytes { BlockFormat.q4_K.brokenBlocks($0) } == 0)
    (bytes[146], bytes[147]) = (0x00, 0x7C)
    #expect(bytes.withUnsafeBytes { BlockFormat.q4_K.brokenBlocks($0) } == 1)
    let refused = #expect(throws: Failure.self) {
      try bytes.withUnsafeBytes { try BlockFormat.q4_K.checkScales($0, tensor: "x") }
    }
    #expect(
      refused?.diagnostics.first?.message
        == "the tensor 'x' has values so large that the scales of 1 Q4_K blocks are beyond 65504")
  }

  @Test("the table is in the order of ggml's numbers and agrees with the layouts")
  func table() {
    #expect(BlockFormat.all.map(\.ggmlType) == BlockFormat.all.map(\.ggmlType).sorted())
    #expect(BlockFormat.all.count == 15)
    for format in BlockFormat.all {
      let layout = BlockLayout.numbered(format.ggmlType)
      #expect(layout?.name == format.name)
      #expect(layout?.blockElements == format.blockElements)
      #expect(layout?.blockBytes == format.blockBytes)
    }
  }

  @Test("the bytes do not depend on the number of threads")
  func threads() throws {
    let values = (0..<(1 << 19)).map { Float($0 % 1013) - 500 }
    let one = try BlockFormat.q8_0.encoded(values, tensor: "x", pool: .init(threads: 1))
    #expect(try BlockFormat.q8_0.encoded(values, tensor: "x", pool: .init(threads: 4)) == one)
  }
}
