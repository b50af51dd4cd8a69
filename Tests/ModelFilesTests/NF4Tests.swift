import BlockFormats
import Documents
import Foundation
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

@Suite("NF4")
struct NF4Tests {
  /// Normal values with some blocks of zeros, tiny, huge and special ones.
  static func values(_ count: Int, seed: UInt64) -> [Float] {
    let random = CounterRandom(seed: seed, stream: "nf4")
    return (0..<count).map { index in
      switch (index / 64) % 7 {
      case 3: return 0
      case 4: return Float(random.normal(UInt64(index))) * 0x1p-139
      case 5: return Float(random.normal(UInt64(index))) * 1e36
      default: return Float(random.normal(UInt64(index))) * 0.02
      }
    }
  }

  @Test("thresholds are midpoints, and a value on one takes the lower code")
  func thresholds() {
    #expect(NF4.thresholds.count == 15)
    var block = [Float](repeating: 1, count: 64)
    block.replaceSubrange(0..<15, with: NF4.thresholds)
    block.replaceSubrange(15..<30, with: NF4.thresholds.map(\.nextUp))
    let tensor = NF4Tensor(block, shape: [64], doubleQuantized: false)
    let indices = tensor.codes.flatMap { [Int($0 >> 4), Int($0 & 15)] }
    #expect(Array(indices[0..<15]) == Array(0..<15))
    #expect(Array(indices[15..<30]) == Array(1..<16))
    #expect(indices[30...].allSatisfy { $0 == 15 })
  }

  @Test(
    "the fast encoder gives the bytes of its specification",
    arguments: [1, 2, 63, 64, 65, 127, 128, 129, 1000, 4097])
  func reference(_ count: Int) {
    let values = Self.values(count, seed: UInt64(count))
    let expected = NF4.encodeReference(values)
    let tensor = NF4Tensor(values, shape: [count], doubleQuantized: false)
    #expect(tensor.codes == expected.codes)
    #expect(tensor.scales == .plain(expected.scales))
    #expect(tensor.byteCount == tensor.codes.count + 4 * expected.scales.count)
  }

  @Test("a NaN spoils its block alone")
  func notANumber() {
    var values = [Float](repeating: 0.5, count: 192)
    values[70] = .nan
    let expected = NF4.encodeReference(values)
    let tensor = NF4Tensor(values, shape: [192], doubleQuantized: false)
    #expect(tensor.codes == expected.codes)
    let decoded = tensor.decoded()
    #expect(decoded[..<64].allSatisfy { $0 == 0.5 } && decoded[128...].allSatisfy { $0 == 0.5 })
    #expect(decoded[64..<128].allSatisfy { $0.isNaN })
  }

  @Test("the bytes do not depend on the number of threads", arguments: [false, true])
  func threads(_ doubleQuantized: Bool) {
    let values = Self.values((1 << 19) + 77, seed: 1)
    let tensors = [1, 3].map {
      NF4Tensor(
        values, shape: [values.count], doubleQuantized: doubleQuantized, pool: .init(threads: $0))
    }
    #expect(tensors[0] == tensors[1])
  }

  @Test("a range decodes to what the whole decodes to")
  func ranges() {
    let values = Self.values(1001, seed: 5)
    let tensor = NF4Tensor(values, shape: [7, 143], doubleQuantized: true)
    let (whole, scales) = (tensor.decoded(), tensor.blockScales())
    #expect(whole.count == 1001)
    for (first, count) in [(0, 1001), (1, 1000), (63, 2), (64, 64), (65, 1), (0, 0), (999, 2)] {
      var part = [Float](repeating: 0, count: count + 1)
      NF4.decode(codes: tensor.codes, scales: scales, first: first, count: count, &part)
      #expect(Array(part[..<count]) == Array(whole[first..<first + count]), "\(first) \(count)")
    }
  }

  @Test("sizes: 4.5 bits for a value, 4.127 with double quantisation")
  func sizes() {
    let count = 1 << 20
    #expect(NF4Tensor.byteCount(elements: count, doubleQuantized: false) * 8 == count * 9 / 2)
    let nested = NF4Tensor.byteCount(elements: count, doubleQuantized: true)
    #expect(abs(Double(nested) * 8 / Double(count) - 4.127) < 0.001)
  }
}

@Suite(
  "NF4 goldens",
  .enabled(if: SharedMaterial.goldens.exists, "the folder of goldens is absent (set GOLDENS)"))
struct NF4GoldenTests {
  static func golden(_ key: String) throws -> JSONValue {
    let path = SharedMaterial.goldens.path("formula_goldens.json")
    let json = try JSONReader.parse(SharedMaterial.bytes(path), file: path)
    return try #require(json[key])
  }

  static func floats(_ json: JSONValue?) throws -> [Float] {
    try #require(json?.arrayValue).compactMap { $0.doubleValue.map(Float.init) }
  }

  static func bytes(_ json: JSONValue?) throws -> [UInt8] {
    try #require(json?.arrayValue).compactMap { $0.integerValue.map(UInt8.init) }
  }

  /// What bitsandbytes' CPU decoder makes of a matrix, which the goldens come from: where rows are
  /// a multiple of 16 but not of 64 it counts the blocks of every row from `row * (columns / 64)`.
  static func cpuDecoded(_ tensor: NF4Tensor) -> [Float] {
    let (columns, scales) = (tensor.shape.last ?? 1, tensor.blockScales())
    guard columns % 16 == 0 && columns % 64 != 0 else { return tensor.decoded() }
    return (0..<tensor.elementCount).map { index in
      let byte = tensor.codes[index / 2]
      let code = NF4.code[Int(index % 2 == 0 ? byte >> 4 : byte & 15)]
      return code * scales[index / columns * (columns / 64) + index % columns / 64]
    }
  }

  @Test("code book, thresholds, bytes and values are bitsandbytes'")
  func formulas() throws {
    let golden = try Self.golden("nf4")
    #expect(try NF4.code == Self.floats(golden["code"]))
    #expect(try NF4.thresholds == Self.floats(golden["thresholds"]))
    let shape = (golden["shape"]?.arrayValue ?? []).compactMap(\.integerValue)
    let weight = try Self.floats(golden["weight_f32"])
    let plain = NF4Tensor(weight, shape: shape, doubleQuantized: false)
    #expect(try plain.codes == Self.bytes(golden["packed"]))
    #expect(try plain.scales == .plain(Self.floats(golden["absmax"])))
    #expect(try Self.cpuDecoded(plain) == Self.floats(golden["dequant_f32"]))
    let nested = NF4Tensor(weight, shape: shape, doubleQuantized: true)
    let expected = try #require(golden["dq"])
    guard case .nested(let scales) = nested.scales else {
      Issue.record("no nested scales")
      return
    }
    #expect(try scales.codes == Self.bytes(expected["absmax_u8"]))
    #expect(scales.offset == expected["offset"]?.doubleValue.map(Float.init))
    #expect(try scales.absmax == Self.floats(expected["absmax2"]))
    #expect(try Self.cpuDecoded(nested) == Self.floats(expected["dequant_f32"]))
  }

  @Test("dynamic maps are exact")
  func maps() throws {
    let golden = try Self.golden("dynamic_map")
    #expect(try DynamicMap.signed.code == Self.floats(golden["signed"]))
    #expect(try DynamicMap.unsigned.code == Self.floats(golden["unsigned"]))
  }
}

@Suite(
  "NF4 oracles",
  .enabled(
    if: FileManager.default.fileExists(
      atPath: SharedMaterial.oracles.path("quant/nf4.safetensors")),
    "quant/nf4.safetensors is absent (set ORACLES)"))
struct NF4OracleTests {
  static func u8(_ file: SafetensorsFile, _ name: String) throws -> [UInt8] {
    try file.withBytes(name) { Array($0) }
  }

  @Test("every case of bitsandbytes, byte for byte")
  func cases() throws {
    let file = try SafetensorsFile(path: SharedMaterial.oracles.path("quant/nf4.safetensors"))
    let inputs = file.names.filter { $0.hasSuffix(".input") }
    #expect(!inputs.isEmpty)
    for input in inputs {
      let name = String(input.dropLast(".input".count))
      let shape = file.entry(input)?.shape ?? []
      let values = try file.floats(input)
      let plain = NF4Tensor(values, shape: shape, doubleQuantized: false)
      #expect(try plain.codes == Self.u8(file, name + ".packed"), "\(name)")
      #expect(try plain.scales == .plain(file.floats(name + ".absmax")), "\(name)")
      #expect(try plain.decoded() == file.floats(name + ".dequantized"), "\(name)")
      let nested = NF4Tensor(values, shape: shape, doubleQuantized: true)
      let scales = NF4Tensor.NestedScales(
        codes: try Self.u8(file, name + ".dq.absmax_u8"),
        absmax: try file.floats(name + ".dq.absmax2"),
        offset: try #require(file.floats(name + ".dq.offset").first))
      #expect(nested.scales == .nested(scales), "\(name)")
      #expect(try nested.blockScales() == file.floats(name + ".dq.absmax_restored"), "\(name)")
      #expect(try nested.decoded() == file.floats(name + ".dq.dequantized"), "\(name)")
    }
  }
}
