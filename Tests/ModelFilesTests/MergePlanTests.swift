import Diagnostics
import Documents
import Foundation
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

/// Against what mergekit makes of the same models, see `Tests/Fixtures/merges/README.md`.
@Suite("merges")
struct MergePlanTests {
  static let folder = "Tests/Fixtures/merges"
  static let names = ((try? FileTree(folder: folder).names) ?? [])
    .filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }

  static func recipe(_ text: String) throws -> MergeRecipe {
    var reader = MergeRecipeReader()
    guard let recipe = reader.read(try YAMLReader.parse(Array(text.utf8), file: "m.yml")) else {
      throw Failure(reader.diagnostics, .badInput)
    }
    return recipe
  }

  static func plan(_ text: String, seed: UInt64 = 0) throws -> MergePlan {
    let recipe = try recipe(text)
    var models: [String: ModelFolder] = [:]
    for model in recipe.models {
      models[model.name] = try ModelFolder(FileTree(folder: "\(folder)/\(model.name)"))
    }
    return try MergePlan(recipe, models, seed: seed)
  }

  @Test("every tensor is mergekit's, to rounding", arguments: names)
  func oracle(_ name: String) throws {
    let text = try String(contentsOfFile: "\(Self.folder)/\(name).yml", encoding: .utf8)
    let plan = try Self.plan(text)
    let expected = try SafetensorsFile(path: "\(Self.folder)/expected/\(name).safetensors")
    #expect(plan.tensorShapes.map(\.name).sorted() == expected.names.sorted())
    #expect(plan.type == (name == "bfloat16" ? .BF16 : .F32))
    for (tensor, shape) in plan.tensorShapes {
      #expect(expected.entry(tensor)?.shape == shape)
      let wanted = try expected.floats(tensor)
      var values = try plan.values(of: tensor, ThreadPool(threads: 2))
      if plan.type == .BF16 { values = values.map { Self.rounded($0) } }
      // At most eight roundings to 24 bits of values of this size.
      let bound = 8 * Float(0x1p-24) * (wanted.map(\.magnitude).max() ?? 0)
      for (value, wanted) in zip(values, wanted) {
        #expect((value - wanted).magnitude <= bound, "\(tensor): \(value), expected \(wanted)")
      }
    }
  }

  /// To bfloat16, nearest, ties to even.
  static func rounded(_ value: Float) -> Float {
    let bits = value.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16) & 1) & 0xFFFF_0000)
  }

  @Test("the fixtures are there")
  func fixtures() { #expect(Self.names.count == 14) }

  @Test("slices make the configuration of as many layers")
  func slices() throws {
    let plan = try Self.plan(
      """
      merge_method: passthrough
      slices:
      - sources: [{model: a, layer_range: [0, 3]}]
      - sources: [{model: b, layer_range: [1, 3]}]
      """)
    #expect(plan.configuration.layerCount == 5)
    #expect(plan.configuration.json["num_hidden_layers"] == .integer(5))
    #expect(plan.tokenizerModel == "a")
    let b = try ModelFolder(FileTree(folder: Self.folder + "/b"))
    let pool = ThreadPool(threads: 1)
    #expect(
      try plan.values(of: "model.layers.3.mlp.up_proj.weight", pool)
        == b.floats("model.layers.1.mlp.up_proj.weight"))
    #expect(try plan.values(of: "lm_head.weight", pool) == b.floats("lm_head.weight"))
  }

  @Test("models that do not fit together are refused")
  func mismatch() throws {
    let text = """
      merge_method: linear
      slices:
      - sources:
        - {model: a, layer_range: [0, 2], weight: 1}
        - {model: b, layer_range: [0, 4], weight: 1}
      """
    let failure = try #require(throws: Failure.self) { try Self.plan(text) }
    #expect(
      failure.diagnostics.map(\.message) == [
        "'b' has 3 layers, the slice ends with layer 4", "'b' gives 4 layers, 'a' 2",
      ])
    #expect(failure.diagnostics[0].span?.line == 5)
    let weights = try #require(throws: Failure.self) {
      try Self.plan("merge_method: linear\nmodels: [{model: a, weight: 1}, {model: b}]")
    }
    #expect(weights.diagnostics.map(\.message) == ["'b' has no 'weight'"])
    let zero = try #require(throws: Failure.self) {
      try Self.plan(
        "merge_method: linear\nmodels: [{model: a, weight: 1}, {model: b, weight: -1}]")
    }
    #expect(zero.diagnostics.map(\.message) == ["the weights of a linear merge add up to 0"])
  }

  @Test("DARE keeps its share, keeps the sum of magnitudes, and draws by tensor, model and seed")
  func dare() throws {
    func merged(_ rest: String, seed: UInt64 = 0) throws -> [Float] {
      let text = "merge_method: dare_linear\nbase_model: base\nmodels: [{model: a, \(rest)}]"
      let plan = try Self.plan(text, seed: seed)
      return try plan.tensorShapes.filter { $0.shape.count == 2 }
        .flatMap { try plan.values(of: $0.name, ThreadPool(threads: 1)) }
    }
    func deltas(_ values: [Float]) throws -> [Float] {
      let zero = try merged("weight: 0, density: 1")
      return zip(values, zero).map { $0 - $1 }
    }
    let all = try deltas(try merged("weight: 1, density: 1"))
    let some = try deltas(try merged("weight: 1, density: 0.7"))
    let kept = Double(some.count { $0 != 0 }) / Double(some.count)
    // Five standard deviations of a share of 0.7 of so many values.
    #expect((kept - 0.7).magnitude < 5 * (0.7 * 0.3 / Double(some.count)).squareRoot())
    func sum(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1.magnitude } }
    #expect((sum(some) - sum(all)).magnitude < 1e-4 * sum(all))
    #expect(try deltas(merged("weight: 1, density: 0.7", seed: 1)) != some)
    #expect(try deltas(merged("weight: 1, density: 0")).allSatisfy { $0 == 0 })
  }

  @Test("DELLA keeps large differences more often than small ones")
  func della() throws {
    let text = """
      merge_method: della_linear
      base_model: base
      models: [{model: a, weight: 1, density: 0.5, epsilon: 0.4}]
      parameters: {rescale: false}
      """
    let all = try Self.plan(text.replacingOccurrences(of: "0.5", with: "1"))
    let some = try Self.plan(text)
    var kept: [Float] = []
    var dropped: [Float] = []
    let base = try ModelFolder(FileTree(folder: Self.folder + "/base"))
    for (name, _) in all.tensorShapes {
      let (a, b) = (
        try all.values(of: name, ThreadPool(threads: 1)),
        try some.values(of: name, ThreadPool(threads: 1))
      )
      for (index, value) in try base.floats(name).enumerated() {
        let delta = (a[index] - value).magnitude
        if b[index] == value { dropped.append(delta) } else { kept.append(delta) }
      }
    }
    let share = Double(kept.count) / Double(kept.count + dropped.count)
    #expect((share - 0.5).magnitude < 0.1)
    func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(values.count) }
    #expect(mean(kept) > 1.3 * mean(dropped))
    #expect(throws: Failure.self) {
      try Self.plan(text.replacingOccurrences(of: "0.4", with: "0.5"))
    }
  }

  @Test("the bits do not depend on threads", arguments: ["ties", "slerp", "linear", "dare_ties"])
  func threads(_ name: String) throws {
    var text = try String(contentsOfFile: "\(Self.folder)/\(name).yml", encoding: .utf8)
    text = text.replacingOccurrences(of: "density: 1}", with: "density: 0.5}")
    let plan = try Self.plan(text)
    for (tensor, _) in plan.tensorShapes {
      #expect(
        try plan.values(of: tensor, ThreadPool(threads: 1))
          == plan.values(of: tensor, ThreadPool(threads: 3)))
    }
  }

  @Test("a model with NaN is refused by name")
  func notFinite() throws {
    let copy = try TemporaryFolder()
    let path = try copy.makeFolder("a")
    let folder = try ModelFolder(FileTree(folder: Self.folder + "/a"))
    try ModelFolderWriter.full(
      to: path, configuration: folder.configuration,
      weights: folder.configuration.tensorShapes.map { name, shape in
        OutputTensor(name: name, shape: shape) {
          var values = try folder.floats(name)
          if name == "model.norm.weight" { values[1] = .nan }
          return values
        }
      }, tokenizer: FileTree(paths: [:]))
    let recipe = try Self.recipe("merge_method: linear\nmodels: [{model: a, weight: 1}]")
    let plan = try MergePlan(recipe, ["a": ModelFolder(FileTree(folder: path))])
    let failure = try #require(throws: Failure.self) { try plan.checkFinite() }
    #expect(
      failure.diagnostics.map(\.message) == [
        "model 'a': the tensor 'model.norm.weight' holds NaN (value 1 of 4)"
      ])
  }
}
