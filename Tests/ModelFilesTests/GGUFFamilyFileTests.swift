import BlockFormats
import Documents
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

@Suite(
  "GGUF export: files of more families",
  .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"))
struct GGUFFamilyFileTests {
  static let models: [(name: String, model: JSONValue)] = {
    let file = #filePath.replacing("ModelFilesTests/GGUFFamilyFileTests.swift", with: "")
    let json = try? JSONReader.parse(
      SharedMaterial.bytes(file + "Fixtures/gguf/families.json"), file: "families.json")
    return (json?.objectValue ?? []).map { ($0.key, $0.value) }
  }()

  @Test("the fixture is there")
  func fixture() { #expect(Self.models.count == 14) }

  @Test("every type is llama.cpp's, byte for byte", arguments: models.map(\.name))
  func files(_ name: String) throws {
    let model = try #require(Self.models.first { $0.name == name }?.model)
    let tiny = try TinyModel(model)
    let folder = try TemporaryFolder()
    for member in model["sha256"]?.objectValue ?? [] {
      let plan = try GGUFExport.plan(
        tiny.configuration, tiny.vocabulary, name: "X",
        as: try #require(GGUFFileType.named(member.key)))
      let path = folder.path + "/\(member.key).gguf"
      let written = try plan.write(to: path, pool: ThreadPool(threads: 2)) { try tiny.floats($0) }
      #expect(written.digest.hex == member.value.stringValue, "\(member.key)")
    }
  }

  @Test("a file reads back as the model it was made of", arguments: models.map(\.name))
  func readBack(_ name: String) throws {
    let model = try #require(Self.models.first { $0.name == name }?.model)
    let tiny = try TinyModel(model)
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.gguf"
    let plan = try GGUFExport.plan(tiny.configuration, tiny.vocabulary, name: "X", as: .f32)
    _ = try plan.write(to: path, pool: ThreadPool(threads: 1)) { try tiny.floats($0) }
    let read = try GGUFModel(path: path)
    let expected = tiny.configuration
    // Written again, the model that was read gives the same keys and tensors.
    let again = try GGUFExport.plan(
      read.configuration, tiny.vocabulary, name: "X", as: .f32)
    // What is read always names the head size.
    func keys(_ plan: GGUFPlan) -> [GGUFPair] {
      plan.pairs.filter {
        !$0.key.hasSuffix("attention.key_length") && !$0.key.hasSuffix("attention.value_length")
      }
    }
    #expect(keys(again) == keys(plan))
    #expect(again.tensors.map(\.name) == plan.tensors.map(\.name))
    #expect(read.configuration.layers.map(\.window) == expected.layers.map(\.window))
    #expect(read.configuration.flags == expected.flags)
    for (tensor, _) in expected.tensorShapes {
      #expect(try read.floats(tensor) == tiny.floats(tensor), "\(tensor)")
    }
  }
}
