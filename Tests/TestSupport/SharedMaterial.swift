private import Foundation

/// Folders of test material that users do not have: named by an environment variable, by default
/// below `../shared`. A suite that uses one is skipped, with one line, where it is absent.
///
/// ```swift
/// @Suite(.enabled(if: SharedMaterial.models.exists, SharedMaterial.models.skipped))
/// ```
package struct SharedMaterial: Sendable {
  package var variable: String
  package var folder: String

  package static let models = SharedMaterial("MODELS", "models")
  package static let oracles = SharedMaterial("ORACLES", "oracles")
  package static let formats = SharedMaterial("FORMATS", "formats")
  package static let goldens = SharedMaterial("GOLDENS", "goldens")
  package static let hostile = SharedMaterial("HOSTILE", "hostile")
  package static let data = SharedMaterial("DATA", "data")
  package static let faults = SharedMaterial("FAULTS", "faults")

  private init(_ variable: String, _ name: String) {
    self.variable = variable
    // Absolute: stages read their paths from the folder of their pipeline.
    let given = ProcessInfo.processInfo.environment[variable] ?? "../shared/\(name)"
    folder = URL(fileURLWithPath: given).standardizedFileURL.path
  }

  package var exists: Bool { FileManager.default.fileExists(atPath: folder) }
  package var skipped: String { "\(folder) is absent (set \(variable) to a folder of its form)" }
  package func path(_ name: String) -> String { folder + "/" + name }
}

extension SharedMaterial {
  /// For `.enabled(if:_:)`, which takes a literal comment.
  package static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
