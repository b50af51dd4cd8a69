internal import Processes
package import Reproducibility

/// Where a project keeps its state: `.orchestrate` beside the pipeline file.
///
/// ```
/// .orchestrate/
///   lock              held by the engine of the moment, and who that is; one per host on a network
///   lease/            claims, on a folder that hosts share
///   state.sqlite      runs, jobs, attempts, results, events
///   state.sqlite.sum  of that file as the last engine left it; `.checked`: bytes found to be whole
///   objects/ab/ab12…  immutable, named by SHA-256; files of artifacts and their manifests
///   externals/        where inputs outside the store lie, by digest
///   checkpoints/      by fingerprint; gone once the stage has succeeded
///   chunks/           what stages made of single chunks of rows, by request without the rows
///   answers/          what endpoints and other models answered, by request; paid for, so kept
///   attempts/         private folders of attempts; gone once they have ended
///   logs/             what stages wrote to their standard streams, by attempt
/// ```
package struct ProjectFolder: Sendable, Hashable {
  /// Absolute.
  package let root: String

  package init(root: String) { self.root = root }

  package var state: String { root + "/.orchestrate" }
  package var lock: String { state + "/lock" }
  package var lease: String { state + "/lease" }
  package var database: String { state + "/state.sqlite" }
  package var settled: String { state + "/settled" }
  /// The project of smoke runs.
  package var smoke: ProjectFolder { ProjectFolder(root: state + "/smoke") }
  package var objects: String { state + "/objects" }
  package var externals: String { state + "/externals" }
  package var checkpoints: String { state + "/checkpoints" }
  package var chunks: String { state + "/chunks" }
  package var answers: String { state + "/answers" }
  package var attempts: String { state + "/attempts" }
  package var logs: String { state + "/logs" }

  package func checkpoints(of fingerprint: Digest) -> String {
    checkpoints + "/" + fingerprint.hex
  }

  package func attempt(_ id: Int64) -> String { attempts + "/" + Self.padded(id) }
  package func log(ofAttempt id: Int64) -> String { logs + "/" + Self.padded(id) + ".log" }

  /// Creates the folders that are missing.
  package func create() throws {
    for folder in [state, objects, externals, checkpoints, chunks, attempts, logs] {
      try DurableFile.makeFolder(folder)
    }
  }

  /// Removes what crashes may have left: private folders of attempts and unfinished files. Only
  /// the holder of the lock may call this.
  ///
  /// - Parameters:
  ///   - objects: whether an engine died that may have left some among the objects.
  ///   - kept: names of folders of attempts that go on elsewhere.
  package func sweep(objects isLeft: Bool = true, keeping kept: Set<String> = []) throws {
    for name in try DurableFile.names(in: attempts) where !kept.contains(name) {
      do {
        try DurableFile.remove(attempts + "/" + name)
      } catch {
        // On a folder that hosts share, a process of the engine before may still write there until
        // its engine finds itself replaced.
        guard FileSystem.isOnNetwork(state) else { throw error }
      }
    }
    for folder in [state, externals] { try DurableFile.sweep(folder) }
    for name in isLeft ? try DurableFile.names(in: objects) : [] {
      try DurableFile.sweep(objects + "/" + name)
    }
    for folder in [checkpoints, chunks] {
      for name in try DurableFile.names(in: folder) {
        try DurableFile.sweep(folder + "/" + name)
      }
    }
  }

  private static func padded(_ id: Int64) -> String {
    let text = String(id)
    return String(repeating: "0", count: max(0, 6 - text.count)) + text
  }
}

extension ProjectFolder {
  /// Removes every checkpoint of a fingerprint: its result is recorded.
  package func removeCheckpoints(of fingerprint: Digest) throws {
    try DurableFile.remove(checkpoints(of: fingerprint))
  }
}
