import Documents
import Foundation
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct LineageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An artifact of files with these texts.
  func artifact(
    _ type: ArtifactType, _ files: [String: String],
    references: [(InputArtifact)] = []
  ) throws -> InputArtifact {
    let name = UUID().uuidString
    var paths: [String: String] = [:]
    for (file, text) in files { paths[file] = try folder.write("\(name)/\(file)", text) }
    let digest = Digest(
      of: files.sorted { $0.key < $1.key }.flatMap { Array(($0.key + $0.value).utf8) })
    return InputArtifact(
      type: type, digest: digest, tree: FileTree(paths: paths),
      references: Dictionary(
        uniqueKeysWithValues: references.map {
          ($0.digest.hex, ReferencedArtifact(type: $0.type, tree: $0.tree))
        }))
  }

  func lineage(
    _ inputs: [String: InputArtifact], parameters: JSONValue = ["lr": 0.1], version: Int = 1,
    files: [String: [Digest]] = [:]
  ) throws -> Lineage {
    try Lineage(
      kind: "sft", version: version, parameters: parameters, files: files, inputs: inputs)
  }

  /// A model that a stage made of these inputs.
  func made(_ inputs: [String: InputArtifact], _ weights: String) throws -> InputArtifact {
    let json = String(decoding: JSONWriter.canonical(try lineage(inputs).json), as: UTF8.self)
    return try artifact(.model, ["model.safetensors": weights, Lineage.fileName: json])
  }

  @Test("base, rows and recipes go through any number of stages")
  func chain() throws {
    let base = try artifact(
      .model, ["model.safetensors": "w", "README.md": "---\nlicense: MIT\n---\n"])
    let rows = try artifact(.records, ["records.json": "r"])
    let sft = try made(["model": base, "train": rows], "s")
    let first = try #require(try Lineage(of: sft))
    #expect(first.base == [base.digest] && first.data == [rows.digest])
    #expect(
      first.licenses == [
        LicenseNote("base \(base.digest.short)", license: "mit"),
        LicenseNote("rows \(rows.digest.short)", license: nil),
      ])
    let pairs = try artifact(
      .records,
      [
        "records.json": "p",
        RowLicenses.fileName: String(
          decoding: RowLicenses.bytes([LicenseNote("./pairs.jsonl", license: "CC-BY-4.0")]),
          as: UTF8.self),
      ])
    let verdict = try artifact(.verdict, ["verdict.json": "{}"])
    let second = try lineage(["model": sft, "train": pairs, "verdict": verdict])
    #expect(second.base == [base.digest])
    #expect(second.data == [rows.digest, pairs.digest].sorted())
    #expect(second.gates == [verdict.digest])
    #expect(second.licenses.contains(LicenseNote("./pairs.jsonl", license: "cc-by-4.0")))
    #expect(second.licenses.count == 3)
    #expect(second.recipe != first.recipe)
    #expect(Lineage(second.json) == second)
  }

  @Test("the recipe follows kind, version, parameters, files and the recipes before it")
  func recipe() throws {
    let base = try artifact(.model, ["model.safetensors": "w"])
    let other = try artifact(.model, ["model.safetensors": "other"])
    let rows = try artifact(.records, ["records.json": "r"])
    let plain = try lineage(["model": base, "train": rows]).recipe
    #expect(try lineage(["model": base, "train": rows]).recipe == plain)
    // Which weights and rows went in is told by their digests, not by the recipe.
    #expect(try lineage(["model": other, "train": rows]).recipe == plain)
    #expect(try lineage(["model": base, "train": rows], parameters: ["lr": 0.2]).recipe != plain)
    #expect(try lineage(["model": base, "train": rows], version: 2).recipe != plain)
    #expect(
      try lineage(["model": base, "train": rows], files: ["t": [rows.digest]]).recipe != plain)
    let trained = try made(["model": base, "train": rows], "s")
    #expect(try lineage(["model": trained, "train": rows]).recipe != plain)
  }

  @Test("a tokenizer alone is no base; the first whole model is, also by reference")
  func firstBase() throws {
    let tokenizer = try artifact(.model, ["tokenizer.json": "t"])
    let rows = try artifact(.records, ["records.json": "r"])
    let base = try made(["model": tokenizer, "train": rows], "b")
    #expect(try Lineage(of: base)?.base == [])
    #expect(try lineage(["model": base]).base == [base.digest])
    let adapter = try artifact(
      .model, ["adapter_model.safetensors": "a"], references: [base, rows])
    #expect(try lineage(["model": adapter]).base == [base.digest])
  }

  @Test("files are written for models and, where licences are known, for rows")
  func files() throws {
    let rows = try artifact(.records, ["records.json": "r"])
    let known = try artifact(
      .records,
      [
        "records.json": "k",
        RowLicenses.fileName: String(
          decoding: RowLicenses.bytes([LicenseNote("./k.jsonl", license: "mit")]), as: UTF8.self),
      ])
    func write(_ inputs: [String: InputArtifact]) throws -> [String: [String]] {
      var folders: [String: String] = [:]
      for port in ["model", "kept", "empty", "own"] {
        folders[port] = try folder.makeFolder(UUID().uuidString)
        if port != "empty" {
          try DurableFile.writeFleeting([1], to: folders[port]! + "/file")
        }
      }
      try DurableFile.writeFleeting([7], to: folders["own"]! + "/" + Lineage.fileName)
      try LineageFiles.write(
        kind: "x", version: 1, parameters: .object([]), files: [:], inputs: inputs,
        outputs: [
          Port("model", .model, help: ""), Port("kept", .records, help: ""),
          Port("empty", .model, help: ""), Port("own", .model, help: ""),
        ], folders: folders)
      #expect(try DurableFile.read(folders["own"]! + "/" + Lineage.fileName) == [7])
      return try folders.mapValues { try DurableFile.names(in: $0) }
    }
    let silent = try write(["records": rows])
    #expect(silent["model"] == ["file", Lineage.fileName])
    #expect(silent["kept"] == ["file"])
    #expect(silent["empty"] == [])
    let told = try write(["records": rows, "others": known])
    #expect(told["kept"] == ["file", RowLicenses.fileName])
  }

  @Test(
    "licences in front matter",
    arguments: [
      ("---\nlicense: apache-2.0\n---\n# x\n", "apache-2.0"),
      ("---\r\nlanguage: en\r\nlicense: \"mit\" # sure\r\n---\r\n", "mit"),
      ("---\nlicense: other\nlicense_name: llama3\n---\n", "llama3"),
      ("---\nlicense:\n- mit\n- cc-by-4.0\n---\n", "mit and cc-by-4.0"),
      ("---\nlanguage: en\n---\nlicense: mit\n", nil), ("license: mit\n", nil), ("", nil),
      ("---\nmodel:\n  license: mit\n---\n", nil),
    ] as [(String, String?)])
  func card(text: String, license: String?) {
    #expect(BaseLicense.license(ofCard: text) == license)
  }

  @Test("references to the registry")
  func references() {
    #expect(
      RegistryReference("registry:triage@champion")
        == RegistryReference(name: "triage", .alias("champion")))
    #expect(RegistryReference("triage/12") == RegistryReference(name: "triage", .version(12)))
    #expect(RegistryReference("registry:a.b-c/1")?.text == "registry:a.b-c/1")
    for wrong in [
      "registry:", "triage", "registry:triage", "registry:triage@", "registry:@champion",
      "registry:triage/0", "registry:triage/x", "registry:-a@b", "registry:a/b@c", "a@../b",
    ] {
      #expect(RegistryReference(wrong) == nil, "\(wrong)")
    }
  }
}
