import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("register") struct RegisterTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func artifact(_ type: ArtifactType, _ files: [String: String]) throws -> InputArtifact {
    let name = UUID().uuidString
    for (file, text) in files { try folder.write("\(name)/\(file)", text) }
    return try StageHarness.artifact(folder: folder.path + "/" + name, type)
  }

  static func lineage(_ licenses: [LicenseNote]) -> String {
    var lineage = Lineage()
    lineage.base = [Digest(of: [1])]
    lineage.data = [Digest(of: [2])]
    lineage.recipe = Digest(of: [3])
    lineage.licenses = licenses
    return String(decoding: JSONWriter.canonical(lineage.json), as: UTF8.self)
  }

  static let verdict =
    #"{"decision":"pass","formatVersion":1,"rules":[{"decision":"pass","rule":"r","sentence":"s"}]}"#
  static let scores =
    #"{"scores":[{"task":"t","metric":"m","rows":9,"candidate":{"value":0.5,"lower":0.4,"upper":0.6}},{"task":"t","metric":"m","rows":9,"slice":{"a":"b"},"candidate":{"value":0.1,"lower":0.1,"upper":0.1}},{"task":"t","metric":"m","versus":"champion","rows":9,"candidate":{"value":0.5,"lower":0.4,"upper":0.6}}]}"#

  func run(_ parameters: String, licenses: [LicenseNote]? = []) throws -> (
    StageHarness.Result, InputArtifact
  ) {
    var files = ["model.safetensors": "w"]
    if let licenses { files[Lineage.fileName] = Self.lineage(licenses) }
    let model = try artifact(.model, files)
    let result = try StageHarness().run(
      Register.self, parameters,
      inputs: [
        "model": model, "verdict": artifact(.verdict, ["verdict.json": Self.verdict]),
        "scores": artifact(.scores, ["scores.json": Self.scores]),
      ], folder: folder)
    return (result, model)
  }

  func manifest(_ result: StageHarness.Result) throws -> VersionManifest {
    let path = try #require(result.outputs["version"]) + "/version.json"
    return try #require(VersionManifest(try JSONFile.read(path)))
  }

  @Test("a version holds what the model was made of, its gate and each number once")
  func version() throws {
    let (result, model) = try run(#"{"name": "triage", "alias": ["challenger", "nightly"]}"#)
    #expect(result.outcome == .succeeded)
    let manifest = try manifest(result)
    #expect(manifest.name == "triage" && manifest.aliases == ["challenger", "nightly"])
    #expect(manifest.model == model.digest)
    #expect(manifest.lineage.base == [Digest(of: [1])])
    #expect(manifest.lineage.recipe == Digest(of: [3]))
    #expect(manifest.lineage.gates == [manifest.verdictArtifact])
    #expect(manifest.verdict.decision == .pass && manifest.verdict.rules[0].sentence == "s")
    #expect(manifest.scores.map(\.value) == [0.5] && manifest.scores[0].upper == 0.6)
  }

  @Test("a model from outside is its own base, and that is told")
  func outside() throws {
    let (result, model) = try run(#"{"name": "triage"}"#, licenses: nil)
    #expect(try manifest(result).lineage.base == [model.digest])
    #expect(try manifest(result).lineage.licenses.map(\.license) == [nil])
    #expect(
      result.events.contains {
        if case .message(let message) = $0 { message.code == "register.no-lineage" } else { false }
      })
  }

  @Test(
    "licences: any without a list; with one, others and unknown ones are refused by name",
    arguments: [
      (#""#, [LicenseNote("a", license: nil)], [] as [String]),
      (#", "license_allow": ["MIT"]"#, [LicenseNote("a", license: "mit")], []),
      (
        #", "license_allow": ["mit"]"#,
        [LicenseNote("./b.jsonl", license: "cc-by-nc-4.0"), LicenseNote("a", license: "mit")],
        [
          "licences: './b.jsonl' stands under cc-by-nc-4.0; allowed are mit: take it out, or add "
            + "'cc-by-nc-4.0' to 'license_allow'"
        ]
      ),
      (
        #", "license_allow": ["mit", "apache-2.0"]"#, [LicenseNote("rows 12", license: nil)],
        [
          "licences: that of 'rows 12' is unknown; allowed are mit, apache-2.0: write it as "
            + "'license:' at the source of 'ingest'"
        ]
      ),
      (
        #", "license_allow": ["mit"], "base_license": "MIT""#,
        [LicenseNote("base 12", license: nil)], []
      ),
      (
        #", "license_allow": ["mit"]"#, [LicenseNote("a", license: "mit and gpl-3.0")],
        [
          "licences: 'a' stands under mit and gpl-3.0; allowed are mit: take it out, or add "
            + "'gpl-3.0' to 'license_allow'"
        ]
      ),
      (
        #", "license_allow": ["mit"]"#, [],
        [
          "licences: it is not known what the model was made of; allowed are mit: make it in a "
            + "pipeline whose sources say 'license:'"
        ]
      ),
    ])
  func licenses(list: String, notes: [LicenseNote], refusals: [String]) throws {
    let (result, _) = try run(#"{"name": "triage"\#(list)}"#, licenses: notes)
    #expect(result.outcome == (refusals.isEmpty ? .succeeded : .refused(refusals)))
  }

  @Test(
    "names that are none",
    arguments: [
      (#"{"name": "a b"}"#, "name: 'a b' is not fit for a name"),
      (#"{"name": "a", "alias": ["../x"]}"#, "alias: '../x' is not fit for an alias"),
      (#"{"name": "a", "alias": ["x", "x"]}"#, "alias: an alias is listed twice"),
      (#"{}"#, "stage 'register' needs the parameter 'name'"),
    ])
  func names(json: String, message: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    #expect(Register.read(node).diagnostics.map(\.message).contains(message))
  }

  @Test("licences of sources go with the rows, where any source says one")
  func sources() throws {
    try folder.write("a.jsonl", #"{"text":"a"}"# + "\n")
    try folder.write("b.jsonl", #"{"text":"b"}"# + "\n")
    func notes(_ first: String) throws -> [LicenseNote]? {
      let result = try StageHarness().run(
        Ingest.self, #"{"sources": [{"path": "a.jsonl"\#(first)}, {"path": "b.jsonl"}]}"#,
        folder: folder)
      return try RowLicenses.known(of: result.artifact("records", .records).tree)
    }
    #expect(try notes("") == nil)
    #expect(
      try notes(#", "license": "CC-BY-4.0""#) == [
        LicenseNote("a.jsonl", license: "cc-by-4.0"), LicenseNote("b.jsonl", license: nil),
      ])
  }
}

/// What exports write of a model's making into files that go to others.
@Suite struct ExportLineageTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static let lineage: Lineage = {
    var lineage = Lineage()
    lineage.base = [Digest(of: [1])]
    lineage.data = [Digest(of: [2]), Digest(of: [3])].sorted()
    lineage.recipe = Digest(of: [4])
    lineage.licenses = [LicenseNote("./rows.jsonl", license: "mit")]
    return lineage
  }()

  func withLineage(_ artifact: InputArtifact) throws -> InputArtifact {
    let path = try folder.write(
      "lineage/" + Lineage.fileName,
      String(decoding: JSONWriter.canonical(Self.lineage.json), as: UTF8.self))
    var paths = artifact.tree.paths
    paths[Lineage.fileName] = path
    return InputArtifact(
      type: .model, digest: artifact.digest, tree: FileTree(paths: paths),
      references: artifact.references)
  }

  func verdict() throws -> InputArtifact {
    try folder.write("verdict/verdict.json", RegisterTests.verdict)
    return try StageHarness.artifact(folder: folder.path + "/verdict", .verdict)
  }

  @Test("a GGUF file says base, data, recipe, gate and licences; a minimal one nothing")
  func gguf() throws {
    let model = try withLineage(GGUFExportTests.model(folder))
    let verdict = try verdict()
    func pairs(_ more: String) throws -> [String: GGUFValue] {
      let result = try StageHarness().run(
        ExportGGUF.self, #"{"quantization": ["f32"]\#(more)}"#,
        inputs: ["model": model, "verdict": verdict], folder: folder)
      let file = try GGUFReader(path: (result.outputs["files"] ?? "") + "/model-F32.gguf")
      return Dictionary(
        uniqueKeysWithValues: file.pairs.filter { $0.key.hasPrefix("orchestrate.") }
          .map { ($0.key, $0.value) })
    }
    #expect(
      try pairs("") == [
        "orchestrate.input.model": .string(model.digest.hex),
        "orchestrate.base": .strings([Digest(of: [1]).hex]),
        "orchestrate.data": .strings(Self.lineage.data.map(\.hex)),
        "orchestrate.recipe": .string(Digest(of: [4]).hex),
        "orchestrate.gate": .strings([verdict.digest.hex]),
        "orchestrate.licenses": .strings(["mit: ./rows.jsonl"]),
      ])
    #expect(try pairs(#", "metadata": "minimal""#).isEmpty)
  }

  @Test("safetensors files say the same, merged and as an adapter; the weights stay what they were")
  func safetensors() throws {
    let plain = try HFExportTests.adapter(folder, baseName: "org/base")
    let model = try withLineage(plain)
    func files(_ more: String, _ input: InputArtifact) throws -> [String: SafetensorsFile] {
      let result = try StageHarness().run(
        ExportHF.self, #"{"form": ["merged", "adapter"]\#(more)}"#, inputs: ["model": input],
        folder: folder)
      let root = result.outputs["files"] ?? ""
      return [
        "merged": try SafetensorsFile(path: root + "/merged/model.safetensors"),
        "adapter": try SafetensorsFile(path: root + "/adapter/adapter_model.safetensors"),
      ]
    }
    let full = try files("", model)
    let minimal = try files(#", "metadata": "minimal""#, model)
    for name in ["merged", "adapter"] {
      let metadata = try #require(full[name]).metadata
      #expect(metadata["format"] == "pt")
      #expect(metadata["orchestrate.recipe"] == Digest(of: [4]).hex)
      #expect(metadata["orchestrate.input.model"] == model.digest.hex)
      #expect(
        metadata["orchestrate.data"]
          == Self.lineage.data.map(\.hex).joined(separator: "\n"))
      #expect(minimal[name]?.metadata == ["format": "pt"])
      #expect(full[name]?.names == minimal[name]?.names)
      for tensor in full[name]?.names ?? [] {
        #expect(try full[name]?.floats(tensor) == minimal[name]?.floats(tensor))
      }
    }
  }
}
