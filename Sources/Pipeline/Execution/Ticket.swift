private import Foundation
package import StageKit

/// All that a child process needs to run one attempt of a stage; self-contained.
package struct Ticket: Sendable, Codable {
  package var formatVersion = 1
  package var attempt: Int64
  package var stage: String
  package var kind: StageKind
  package var version: Int
  /// Effective, as planned.
  package var parameters: JSONText
  package var inputs: [String: InputArtifact]
  package var files: [String: [InputFile]]
  package var outputs: [StageKit.Port]
  /// Port → empty folder.
  package var outputFolders: [String: String]
  /// Where checkpoints of the fingerprint lie.
  package var checkpoints: String
  /// For temporary files; gone with the attempt.
  package var temporary: String
  /// The folder of the pipeline file: the working directory.
  package var folder: String
  package var threads: Int
  /// The process that must be the parent.
  package var engine: Int32

  package static func read(_ bytes: [UInt8]) throws -> Ticket {
    try JSONDecoder().decode(Ticket.self, from: Data(bytes))
  }

  package var bytes: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(self))
    }
  }
}
