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
    arguments: ["F16", "BF16", "Q8_0"])
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

  @Test("the bytes do not depend on the number of threads")
  func threads() throws {
    let values = (0..<(1 << 19)).map { Float($0 % 1013) - 500 }
    let one = try BlockFormat.q8_0.encoded(values, tensor: "x", pool: .init(threads: 1))
    #expect(try BlockFormat.q8_0.encoded(values, tensor: "x", pool: .init(threads: 4)) == one)
  }
}
