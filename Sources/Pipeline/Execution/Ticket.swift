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
  /// The folder of the project, for its store and the results of chunks.
  package var project: String
  /// How many processes share the chunks; 1: this one does all.
  package var shards: Int
  /// Set: this process does that part of the chunks and makes no output.
  package var shard: Int?
  /// For temporary files; gone with the attempt.
  package var temporary: String
  /// The folder of the pipeline file: the working directory.
  package var folder: String
  package var threads: Int
  /// Variables for the stage and all it starts: its try, its devices.
  package var environment: [String: String]
  /// Variables that hold secrets of other stages.
  package var withheld: [String]?
  package var executor = ExecutorRequest.Kind.local
  /// Options of `sbatch`.
  package var slurm: [String] = []
  /// Where the parts have run already, by index, as jobs of their own.
  package var partsFolder: String?
  /// The process that must be the parent, where ``parenting`` says so.
  package var engine: Int32
  /// How the process of this ticket is started, and what ends it.
  package var parenting = Parenting.engine

  package enum Parenting: String, Sendable, Codable {
    /// By the process `engine`: it refuses any other parent, and ends with that one.
    case engine
    /// By anybody, for example as a task of a cluster's job array: it ends when it is done or is
    /// told to stop.
    case anybody
  }

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
