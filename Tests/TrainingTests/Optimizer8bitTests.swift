import BlockFormats
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tensors
import TestSupport
import Testing
import Training

@Suite("8-bit and paged optimizers")
struct Optimizer8bitTests {
  static let paged: [OptimizerSettings.Kind: OptimizerSettings.Kind] = [
    .pagedAdamW: .adamw, .pagedAdamW8bit: .adamw8bit,
  ]

  /// Ten steps on gradients that differ by element and step.
  static func run(
    _ kind: OptimizerSettings.Kind, threads: Int = 1, scratch: String = ".", vocabulary: Int = 300
  ) throws -> (values: [[Float]], moments: [Float]) {
    let model = ToyModel(vocabulary: vocabulary, seed: 1, threads: threads)
    let optimizer = try OptimizerTests.optimizer(
      OptimizerSettings(kind: kind, weightDecay: 0.01), model, scratch: scratch)
    let random = CounterRandom(seed: 8, stream: "optimizer")
    for step in 1...10 {
      for (k, parameter) in model.parameters.enumerated() {
        parameter.gradient.write(
          (0..<parameter.gradient.count).map {
            Float(random.normal(UInt64((step * 2 + k) * 1_000_000 + $0)))
          })
      }
      optimizer.step(learningRate: 1e-3, gradientScale: 0.5)
    }
    return (model.parameters.map { $0.values.values() }, optimizer.moments.values())
  }

  static func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  @Test(
    "paged moments give the bits of resident ones, and leave nothing in the folder",
    arguments: [OptimizerSettings.Kind.pagedAdamW, .pagedAdamW8bit])
  func paged(_ kind: OptimizerSettings.Kind) throws {
    let folder = try TemporaryFolder()
    let resident = try Self.run(try #require(Self.paged[kind]))
    let paged = try Self.run(kind, scratch: folder.path)
    #expect(paged.values == resident.values)
    #expect(Self.bits(paged.moments) == Self.bits(resident.moments))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test("a folder that does not exist is named")
  func noFolder() {
    let failure = #expect(throws: Failure.self) {
      _ = try Self.run(.pagedAdamW, scratch: "/nowhere", vocabulary: 2)
    }
    #expect(failure?.failureClass == .io)
    #expect(
      failure?.diagnostics.first?.message
        == "cannot keep 256 bytes of optimizer state in '/nowhere': No such file or directory")
  }

  @Test("8 bits follow 32 bits, and their bytes do not depend on the number of threads")
  func close() throws {
    let (eight, full) = (try Self.run(.adamw8bit), try Self.run(.adamw))
    let worst = zip(eight.values[1], full.values[1]).map { abs($0 - $1) }.max() ?? 1
    #expect(worst > 0 && worst < 2e-3)  // ten steps of 1e-3, each off by a fraction
    #expect(eight.values[0] == full.values[0])  // 300 elements: binary32 moments
    let threaded = try Self.run(.adamwBnb8bit, threads: 3)
    #expect(threaded.values == eight.values)
    #expect(Self.bits(threaded.moments) == Self.bits(eight.moments))
  }

  @Test(
    "a run killed after any checkpoint and resumed ends with the bits of one that was not",
    arguments: OptimizerSettings.Kind.allCases)
  func resume(_ kind: OptimizerSettings.Kind) throws {
    var settings = TrainerTests.settings()
    settings.optimizer.kind = kind
    settings.optimizer.momentum = 0.9
    func model() -> ToyModel { ToyModel(vocabulary: 72, seed: 4) }  // 5184 weights: 8 bits
    let (whole, calm) = (model(), TestHost(try TemporaryFolder()))
    _ = try TrainerTests.trainer(whole, settings, calm).run()
    for saves in calm.saved.indices.dropLast() {
      let host = TestHost(try TemporaryFolder())
      host.diesAfterSaves = saves + 1
      #expect(throws: TestHost.Death.self) {
        try TrainerTests.trainer(model(), settings, host).run()
      }
      host.diesAfterSaves = nil
      let second = model()
      _ = try TrainerTests.trainer(second, settings, host).run()
      #expect(TrainerTests.bits(second) == TrainerTests.bits(whole))
    }
  }

  @Test("what each kind keeps for 4096 and for 4095 elements, in bytes")
  func layout() {
    func bytes(_ kind: OptimizerSettings.Kind, _ name: String, _ count: Int, momentum: Double = 0)
      -> Int
    {
      MomentLayout(OptimizerSettings(kind: kind, momentum: momentum), [(name, count)]).byteCount
    }
    for kind in OptimizerSettings.Kind.allCases {
      let expected = kind.is8bit ? 2 * 4096 + 2 * 64 : kind.isAdamW ? 2 * 4 * 4096 : 0
      #expect(bytes(kind, "w.weight", 4096) == expected, "\(kind)")
    }
    #expect(bytes(.adamw8bit, "w.weight", 4095) == 2 * 4 * 4096)
    #expect(bytes(.adamw8bit, "model.embed_tokens.weight", 4096) == 2 * 4 * 4096)
    #expect(bytes(.sgd, "w.weight", 4096, momentum: 0.9) == 4 * 4096)
  }
}

@Suite(
  "8-bit AdamW oracles",
  .enabled(
    if: FileManager.default.fileExists(
      atPath: SharedMaterial.oracles.path("quant/adamw8bit.safetensors")),
    "quant/adamw8bit.safetensors is absent (set ORACLES)"))
struct AdamW8bitOracleTests {
  static func bytes(_ cells: [Float], _ count: Int) -> [UInt8] {
    Array(cells.withUnsafeBytes { Array($0) }.prefix(count))
  }

  @Test("state bytes are bitsandbytes' own, parameters to an ulp or two")
  func states() throws {
    let file = try SafetensorsFile(path: SharedMaterial.oracles.path("quant/adamw8bit.safetensors"))
    let path = SharedMaterial.oracles.path("quant/expected.json")
    let expected = try JSONReader.parse(SharedMaterial.bytes(path), file: path)
    let cases = try #require(expected["adamw8bit"]?.objectValue)
    #expect(!cases.isEmpty)
    for member in cases { try check(member.key, member.value, file) }
  }

  private func check(_ name: String, _ json: JSONValue, _ file: SafetensorsFile) throws {
    let start = try file.floats(name + ".param_0")
    let (count, blocks) = (start.count, DynamicMap.blockCount(start.count))
    let betas = (json["betas"]?.arrayValue ?? []).compactMap(\.doubleValue)
    let rate = try #require(json["lr"]?.doubleValue)
    let backend = CPUBackend(pool: ThreadPool(threads: 2))
    let memory = backend.allocate(2 * count)
    let parameter = TrainableParameter(
      name: "w", shape: [count], decays: true, values: memory.matrix(rows: 1, columns: count),
      gradient: memory.matrix(offset: count, rows: 1, columns: count))
    parameter.values.write(start)
    let settings = OptimizerSettings(
      kind: .adamw8bit, beta1: betas[0], beta2: betas[1],
      epsilon: try #require(json["eps"]?.doubleValue),
      weightDecay: try #require(json["weight_decay"]?.doubleValue))
    let optimizer = Optimizer(
      settings, parameters: [parameter], learningRate: rate, backend: backend)
    try optimizer.prepare()
    for step in 1...(json["steps"]?.integerValue ?? 1) {
      parameter.gradient.write(try file.floats("\(name).grad_\(step)"))
      optimizer.step(learningRate: rate, gradientScale: 1)
      guard file.entry("\(name).param_\(step)") != nil else { continue }
      let goal = try file.floats("\(name).param_\(step)")
      let worst = zip(parameter.values.values(), goal).map { abs($0 - $1) }.max() ?? 1
      #expect(worst <= 2e-7, "\(name) step \(step)")
      var cells = optimizer.moments.values()[...]
      for (part, size) in [("m_u8", count), ("v_u8", count)] {
        let stored = try file.withBytes("\(name).\(part)_\(step)") { Array($0) }
        #expect(Self.bytes(Array(cells), size) == stored, "\(name).\(part)_\(step)")
        cells = cells.dropFirst((size + 63) / 64 * 16)
      }
      for part in ["m_absmax", "v_absmax"] {
        let stored = try file.floats("\(name).\(part)_\(step)")
        #expect(Array(cells.prefix(blocks)) == stored, "\(name).\(part)_\(step)")
        cells = cells.dropFirst((blocks + 15) / 16 * 16)
      }
    }
  }
}
