import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("merge")
struct MergeTests {
  static let fixtures = "Tests/Fixtures/merges"

  static func model(_ name: String) throws -> InputArtifact {
    try StageHarness.artifact(folder: "\(fixtures)/\(name)", .model)
  }

  static func inputs(_ names: [String]) throws -> [String: InputArtifact] {
    try Dictionary(uniqueKeysWithValues: names.map { ($0, try model($0)) })
  }

  static func report(_ result: StageHarness.Result) throws -> JSONValue {
    try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
  }

  @Test("an adapter goes into its base in float32, and the result needs no base")
  func adapter() throws {
    let (base, adapter) = try TrainingFixture.tuned()
    let fixture = try TrainingFixture()
    let result = try fixture.run(Merge.self, "{}", ["model": adapter])
    let merged = try ModelFolder(result.artifact("model").tree)
    let before = try ModelFolder(adapter.tree, reference: adapter.reference)
    #expect(merged.manifest.form == .merged)
    #expect(merged.adapter == nil)
    for name in merged.tensorNames {
      #expect(try merged.floats(name) == before.mergedFloats(name))
    }
    let plain = try ModelFolder(base.tree)
    let name = "model.layers.0.self_attn.q_proj.weight"
    #expect(try merged.floats(name) != plain.floats(name))
    #expect(merged.manifest.tokenizerFiles == before.manifest.tokenizerFiles)
  }

  @Test("a PEFT folder takes the base that is given beside it")
  func namedBase() throws {
    let (base, adapter) = try TrainingFixture.tuned()
    let fixture = try TrainingFixture()
    let path = try fixture.folder.makeFolder("peft")
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
      try FileManager.default.copyItem(
        atPath: adapter.tree.path(name), toPath: path + "/" + name)
    }
    let peft = try StageHarness.artifact(folder: path, .model)
    let result = try fixture.run(Merge.self, "{}", ["model": peft, "base": base])
    let expected = try fixture.run(Merge.self, "{}", ["model": adapter])
    #expect(
      try result.bytes()["model.safetensors"] == expected.bytes()["model.safetensors"])
    #expect(throws: Failure.self) { try fixture.run(Merge.self, "{}", ["model": peft]) }
    #expect(throws: Failure.self) { try fixture.run(Merge.self, "{}", ["model": base]) }
  }

  @Test("models that the pipeline names are merged, with one thread and with three")
  func inline() throws {
    let parameters = """
      {"method": "ties", "parameters": {"int8_mask": true},
       "models": [{"model": "a", "weight": 0.6, "density": 0.5},
                  {"model": "b", "weight": 0.4, "density": [0.2, 0.7]}]}
      """
    let folder = try TemporaryFolder()
    var bytes: [Data] = []
    for threads in [1, 3] {
      var harness = StageHarness()
      harness.threads = threads
      let result = try harness.run(
        Merge.self, parameters, inputs: try Self.inputs(["base", "a", "b"]), folder: folder)
      let path = (result.outputs["model"] ?? "") + "/model.safetensors"
      bytes.append(try Data(contentsOf: URL(fileURLWithPath: path)))
      let values = try SafetensorsFile(path: path).floats("model.norm.weight")
      let expected = try SafetensorsFile(path: Self.fixtures + "/expected/ties.safetensors")
        .floats("model.norm.weight")
      #expect(zip(values, expected).allSatisfy { ($0 - $1).magnitude < 1e-6 })
      let report = try Self.report(result)
      #expect(report["method"] == .string("ties"))
      #expect(report["models"] == .array([.string("base"), .string("a"), .string("b")]))
      #expect(report["dtype"] == .string("float32"))
    }
    #expect(bytes[0] == bytes[1])
  }

  @Test(
    "a mergekit file is taken as it is, its models being the inputs of their names",
    arguments: ["slerp", "ties", "slices", "bfloat16"])
  func file(_ name: String) throws {
    let folder = try TemporaryFolder()
    let names = name == "slerp" ? ["a", "b"] : ["base", "a", "b"]
    let file = FileManager.default.currentDirectoryPath + "/\(Self.fixtures)/\(name).yml"
    let result = try StageHarness().run(
      Merge.self,
      #"{"mergekit": "\#(file)", "inputs": [\#(names.map { "\"\($0)\"" }.joined(separator: ","))]}"#,
      inputs: try Self.inputs(names), folder: folder)
    let made = try SafetensorsFile(path: (result.outputs["model"] ?? "") + "/model.safetensors")
    let expected = try SafetensorsFile(path: Self.fixtures + "/expected/\(name).safetensors")
    #expect(made.names == expected.names)
    for tensor in made.names {
      #expect(made.entry(tensor)?.type == expected.entry(tensor)?.type)
      let (values, wanted) = (try made.floats(tensor), try expected.floats(tensor))
      #expect(zip(values, wanted).allSatisfy { ($0 - $1).magnitude < 1e-6 }, "\(tensor)")
    }
  }

  @Test("names of models become ports by 'names', else by what follows the last slash")
  func names() throws {
    let read = Merge.read(
      Node(
        try JSONReader.parse(
          Array(
            #"""
            {"names": {"org/Base-7B": "base"},
             "config": {"merge_method": "ties", "base_model": "org/Base-7B",
               "models": [{"model": "./models/tuned", "parameters": {"weight": 1}}]}}
            """#.utf8), file: "p"), file: "p"))
    #expect(read.diagnostics.isEmpty)
    #expect(read.ports.inputs.map(\.name) == ["base", "tuned"])
  }

  @Test(
    "what does not go together is told before anything runs",
    arguments: [
      (#"{"method": "slurp", "models": [{"model": "a"}]}"#, "there is no method 'slurp'"),
      (#"{"models": [{"model": "a"}]}"#, "models: an adapter is merged without it"),
      (#"{"mergekit": "m.yml"}"#, "inputs: the list is empty"),
      (#"{"inputs": ["a"]}"#, "inputs: inputs are listed for a mergekit file only"),
      (
        #"{"method": "linear", "config": {}, "models": [{"model": "a", "weight": 1}]}"#,
        "config: 'method' is there too, expected one recipe"
      ),
      (#"{"method": "linear"}"#, "there is neither 'models' nor 'slices'"),
    ])
  func problems(_ parameters: String, _ message: String) throws {
    let read = Merge.read(
      Node(try JSONReader.parse(Array(parameters.utf8), file: "p"), file: "p"))
    #expect(read.diagnostics.first?.message == message)
  }

  @Test("a mergekit file and the inputs must speak of the same models")
  func unmatched() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/m.yml"
    try Data("merge_method: linear\nmodels: [{model: org/a, weight: 1}]\n".utf8)
      .write(to: URL(fileURLWithPath: file))
    let failure = try #require(throws: Failure.self) {
      try StageHarness().run(
        Merge.self, #"{"mergekit": "m.yml", "inputs": ["b"]}"#,
        inputs: try Self.inputs(["b"]), folder: folder)
    }
    #expect(
      failure.diagnostics.map(\.message) == [
        "the model 'org/a' is none of the inputs b",
        "the input 'b' is no model of the mergekit file",
      ])
    #expect(failure.diagnostics[0].span?.line == 2)
  }

  @Test("models whose ids mean other tokens are refused")
  func vocabulary() throws {
    let (base, _) = try TrainingFixture.tuned()
    let fixture = try TrainingFixture()
    // The same sizes, but two tokens have changed places.
    let path = try fixture.folder.makeFolder("other")
    for name in base.tree.names {
      try FileManager.default.copyItem(atPath: base.tree.path(name), toPath: path + "/" + name)
    }
    let tokenizer = path + "/tokenizer.json"
    var text = try String(contentsOfFile: tokenizer, encoding: .utf8)
    for (from, to) in [("\"a\": ", "\"a?b\": "), ("\"b\": ", "\"a\": "), ("\"a?b\": ", "\"b\": ")] {
      text = text.replacingOccurrences(of: from, with: to)
        .replacingOccurrences(
          of: from.replacingOccurrences(of: " ", with: ""),
          with: to.replacingOccurrences(of: " ", with: ""))
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: tokenizer))
    let failure = try #require(throws: Failure.self) {
      try fixture.run(
        Merge.self,
        #"{"method": "linear", "models": [{"model": "x", "weight": 1}, {"model": "y", "weight": 1}]}"#,
        ["x": base, "y": StageHarness.artifact(folder: path, .model)])
    }
    #expect(failure.diagnostics.map(\.code) == ["merge.vocabulary"])
  }
}
