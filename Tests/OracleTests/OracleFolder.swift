import Documents
import Foundation
import TestSupport
import Testing

/// The folder of numerical oracles: one folder per case, in one folder per kind.
enum OracleFolder {
  /// The kinds that suites of this target run.
  static let kinds = ["adapters", "models", "quant", "training"]

  /// The cases of a kind, whatever they are called.
  static func cases(_ kind: String) -> [String] {
    folders(SharedMaterial.oracles.path(kind)).map { SharedMaterial.oracles.path("\(kind)/\($0)") }
  }

  static func folders(_ path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { name in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder)
      return exists && isFolder.boolValue && !name.hasPrefix(".")
    }.sorted()
  }
}

@Suite(
  "oracles", .enabled(if: SharedMaterial.oracles.exists, "the oracles are absent (set ORACLES)"))
struct OracleFolderTests {
  @Test("every folder of oracles is of a kind that is run here")
  func kinds() {
    let unknown = OracleFolder.folders(SharedMaterial.oracles.folder)
      .filter { !OracleFolder.kinds.contains($0) }
    #expect(unknown.isEmpty, "no suite runs the cases of \(unknown.joined(separator: ", "))")
  }
}
