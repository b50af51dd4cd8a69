import Diagnostics
import Documents
import Planning
import StageKit
import TestSupport
import Testing

/// Names that become file names, options or markup somewhere, each with its verdict.
@Suite(.enabled(if: SharedMaterial.hostile.exists, "../shared/hostile is absent (set HOSTILE)"))
struct HostileNamesTests {
  /// Of a stage; a dot stands between a stage and its port.
  private func isStage(_ name: String) throws -> Bool {
    let folder = try TemporaryFolder()
    let quoted = JSONWriter.compact(.string(name))
    let path = try folder.write(
      "pipeline.yaml",
      "name: x\nstages:\n  \(quoted): { uses: make, with: { sources: [ { path: ./x } ] } }\n")
    do {
      _ = try Planner.load(path, catalogue: Toy.catalogue)
      return true
    } catch let failure as Failure {
      let shown = DiagnosticRenderer().text(failure.diagnostics)
      #expect(!shown.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x202E })
      return false
    }
  }

  @Test("a stage, a model and an alias take good names only")
  func names() throws {
    let bytes = try SharedMaterial.bytes(SharedMaterial.hostile.path("names/names.json"))
    let items = try JSONReader.parse(bytes, file: "names.json").arrayValue ?? []
    #expect(items.count > 30)
    for item in items {
      guard let name = item["name"]?.stringValue, let verdict = item["verdict"]?.stringValue
      else { continue }
      let shown = SafeText.escaped(name, limit: 40)
      switch verdict {
      case "accept":
        #expect(VersionManifest.isName(name), "\(shown)")
        #expect(try isStage(name.replacing(".", with: "_")), "\(shown)")
      case "reject":
        #expect(!VersionManifest.isName(name), "\(shown)")
        #expect(RegistryReference("registry:\(name)@champion") == nil, "\(shown)")
        #expect(RegistryReference("registry:m@\(name)") == nil, "\(shown)")
        #expect(try !isStage(name), "\(shown)")
      default:
        _ = try isStage(name)
        _ = VersionManifest.isName(name)
      }
    }
  }
}
