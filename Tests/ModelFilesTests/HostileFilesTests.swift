import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

/// Every reader of foreign bytes against the corpus of lying, cut and oversized files.
@Suite(
  "Hostile files",
  .enabled(if: SharedMaterial.hostile.exists, "../shared/hostile is absent (set HOSTILE)"))
struct HostileFilesTests {
  struct Case: Sendable, CustomStringConvertible {
    var id: String
    var file: String
    var verdict: String
    var hint: String?
    var isModelLevel: Bool
    var description: String { id }
  }

  static func cases(_ parser: String) -> [Case] {
    guard let bytes = try? SharedMaterial.bytes(SharedMaterial.hostile.path("manifest.json")),
      let manifest = try? JSONReader.parse(bytes, file: "manifest.json")
    else { return [] }
    return (manifest["cases"]?.arrayValue ?? []).compactMap { item in
      guard item["parser"]?.stringValue == parser else { return nil }
      return Case(
        id: item["id"]?.stringValue ?? "", file: item["file"]?.stringValue ?? "",
        verdict: item["verdict"]?.stringValue ?? "", hint: item["hint"]?.stringValue,
        isModelLevel: item["level"]?.stringValue == "model")
    }
  }

  /// Runs `open` and compares its end with the case's verdict.
  static func judge(_ item: Case, _ open: (String) throws -> Void) {
    let path = SharedMaterial.hostile.path(item.file)
    do {
      try open(path)
      #expect(item.verdict != "reject", "\(item.id) must be refused")
    } catch let failure as Failure {
      #expect(item.verdict != "accept", "\(item.id) must be read: \(failure)")
      #expect(failure.failureClass == .badInput)
      for diagnostic in failure.diagnostics {
        let text = diagnostic.message + (diagnostic.fix ?? "")
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
      }
      if let hint = item.hint {
        let text = failure.diagnostics.map { $0.message + ($0.fix ?? "") }.joined()
        #expect(hint.isEmpty || text.contains(hint), "'\(hint)' is not in: \(text)")
      }
    } catch {
      Issue.record("\(item.id): \(error)")
    }
  }

  @Test("safetensors get their verdicts", arguments: cases("safetensors"))
  func safetensors(_ item: Case) {
    Self.judge(item) { path in
      let file = try SafetensorsFile(path: path)
      for name in file.names { try file.withBytes(name) { _ = $0.count } }
    }
  }

  @Test("adapters get their verdicts", arguments: cases("adapter"))
  func adapters(_ item: Case) {
    let model = ModelConfiguration(
      modelType: "llama", vocabularySize: 16, hiddenSize: 8, intermediateSize: 16, layerCount: 2,
      headCount: 2, keyValueHeadCount: 2, headSize: 4, contextLength: 32)
    Self.judge(item) { path in
      try AdapterFiles(FileTree(folder: path)).check(against: model)
    }
  }

  @Test("the corpus is there")
  func corpus() {
    #expect(Self.cases("safetensors").count == 45)
    #expect(Self.cases("adapter").count == 23)
  }
}
