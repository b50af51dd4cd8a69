internal import Artifacts
internal import Diagnostics
private import Foundation
private import Glibc
internal import Reproducibility
internal import RunStore
internal import StageKit
private import Synchronization

/// Stamps of a project's objects, from its database; new ones are kept until they are taken.
final class ProjectObjectStamps: ObjectStamps {
  private let load: @Sendable () -> [Digest: FileStamp]
  private let state = Mutex(State())

  private struct State {
    /// Nil until the first one is asked for.
    var known: [Digest: FileStamp]?
    var fresh: [Digest: FileStamp] = [:]
    var damages: Set<ArtifactStore.Damage> = []
  }

  init(_ store: RunStore) { load = { (try? store.objectStamps()) ?? [:] } }

  /// For a process that only looks: nothing new is kept.
  init(toRead project: ProjectFolder) {
    load = {
      guard let store = try? RunStore.openToRead(project.database) else { return [:] }
      return (try? store.objectStamps()) ?? [:]
    }
  }

  func stamp(of object: Digest) -> FileStamp? {
    state.withLock { state in
      if state.known == nil { state.known = load() }
      return state.known?[object]
    }
  }

  func note(_ object: Digest, _ stamp: FileStamp) {
    state.withLock { state in
      if state.known == nil { state.known = load() }
      state.known?[object] = stamp
      state.fresh[object] = stamp
    }
  }

  func report(_ damage: ArtifactStore.Damage) {
    _ = state.withLock { $0.damages.insert(damage) }
  }

  /// What is not in the database yet, in order.
  func takeFresh() -> [(digest: Digest, stamp: FileStamp)] {
    state.withLock { state in
      defer { state.fresh.removeAll() }
      return state.fresh.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }

  /// Damaged objects that were come across, as warnings.
  func takeWarnings() -> [Diagnostic] {
    let damages = state.withLock { state in
      defer { state.damages.removeAll() }
      return state.damages.sorted { $0.path < $1.path }
    }
    return damages.map {
      Diagnostic(
        "store.damaged-object",
        "the object '\(SafeText.escaped($0.path, limit: 300))' is damaged: \($0.finding)",
        fix: "what made it runs again", severity: .warning)
    }
  }
}
