import BlockFormats
import Diagnostics
import Reproducibility
import Testing

@Suite("bitsandbytes layout")
struct BitsandbytesLayoutTests {
  static func tensor(_ doubleQuantized: Bool) -> NF4Tensor {
    let random = CounterRandom(seed: 6, stream: "layout")
    let values = (0..<33 * 65).map { Float(random.normal(UInt64($0))) * 0.02 }
    return NF4Tensor(values, shape: [33, 65], doubleQuantized: doubleQuantized)
  }

  static func read(_ tensors: [StoredTensor]) throws -> (tensor: NF4Tensor, type: String) {
    try NF4Tensor.bitsandbytes("w") { name in tensors.first { $0.name == name } }
  }

  @Test("names, types and shapes are those of Params4bit, and read back", arguments: [false, true])
  func layout(_ doubleQuantized: Bool) throws {
    let tensor = Self.tensor(doubleQuantized)
    let stored = tensor.bitsandbytesTensors("w", type: "bfloat16")
    let lines = stored.map { "\($0.name) \($0.type) \($0.shape)" }
    let nested = [
      "w U8 [1073, 1]", "w.absmax U8 [34]", "w.nested_absmax F32 [1]",
      "w.nested_quant_map F32 [256]", "w.quant_map F32 [16]",
    ]
    let plain = ["w U8 [1073, 1]", "w.absmax F32 [34]", "w.quant_map F32 [16]"]
    #expect(lines.dropLast() == (doubleQuantized ? nested : plain)[...])
    let state = try #require(stored.last)
    #expect(state.name == "w.quant_state.bitsandbytes__nf4" && state.shape == [state.bytes.count])
    var text =
      #"{"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [33, 65]"#
    if case .nested(let scales) = tensor.scales {
      text +=
        #", "nested_blocksize": 256, "nested_dtype": "float32", "nested_offset": "#
        + "\(Double(scales.offset))"
    }
    #expect(String(decoding: state.bytes, as: UTF8.self) == text + "}")
    let back = try Self.read(stored)
    #expect(back.tensor == tensor && back.type == "bfloat16")
  }

  struct Broken: Sendable, CustomStringConvertible {
    var description: String
    var tensor: String
    var cause: String
    var change: @Sendable (inout [StoredTensor]) -> Void

    init(
      _ description: String, _ tensor: String, _ cause: String,
      _ change: @escaping @Sendable (inout [StoredTensor]) -> Void
    ) {
      self.description = description
      self.tensor = tensor
      self.cause = cause
      self.change = change
    }
  }

  static func state(_ tensors: inout [StoredTensor], _ old: String, _ new: String) {
    let last = tensors.count - 1
    let text = String(decoding: tensors[last].bytes, as: UTF8.self)
    let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
    tensors[last].bytes = Array(parts.joined(separator: new).utf8)
  }

  static let stateName = "w.quant_state.bitsandbytes__nf4"
  static let broken: [Broken] = [
    Broken("no scales", "w.absmax", "it is missing") { $0.removeAll { $0.name == "w.absmax" } },
    Broken("short codes", "w", "it has 1072 bytes, expected 1073") { $0[0].bytes.removeLast() },
    Broken("a type", "w", "its type is F32, expected U8") { $0[0].type = "F32" },
    Broken("long scales", "w.nested_absmax", "it has 2 values, expected 1") {
      $0[2].bytes += [0, 0, 0, 0]
    },
    Broken(
      "another code book", "w.quant_map",
      "its values are not those of the code book that can be read here"
    ) { $0[4].bytes[0] ^= 1 },
    Broken("fp4", stateName, "'quant_type' is \"fp4\", expected \"nf4\"") {
      state(&$0, "nf4", "fp4")
    },
    Broken("blocks", stateName, "'blocksize' is 128, expected 64") { state(&$0, "64", "128") },
    Broken("a shape", stateName, "'shape' is [-33,65], expected positive sizes") {
      state(&$0, "33", "-33")
    },
    Broken("a huge shape", stateName, "'shape' is [3333333333333333,65], expected positive sizes") {
      state(&$0, "33", "3333333333333333")
    },
    Broken("no shape", stateName, "'shape' is absent, expected positive sizes") {
      state(&$0, "shape", "form")
    },
    Broken("a dtype", stateName, "'dtype' is \"int8\", expected float32, float16 or bfloat16") {
      state(&$0, "bfloat16", "int8")
    },
    Broken("no offset", stateName, "'nested_offset' is absent, expected a number") {
      state(&$0, "nested_offset", "offset")
    },
  ]

  @Test("what is missing or wrong is named", arguments: broken)
  func refused(_ broken: Broken) {
    var stored = Self.tensor(true).bitsandbytesTensors("w", type: "bfloat16")
    broken.change(&stored)
    let failure = #expect(throws: Failure.self) { _ = try Self.read(stored) }
    #expect(
      failure?.diagnostics.first?.message
        == "the tensor '\(broken.tensor)' of a weight in NF4: \(broken.cause)")
    #expect(failure?.diagnostics.first?.code == "nf4.bad-tensor")
  }
}
