import Artifacts
import Execution
import Foundation
import Parallelism
import Planning
import RunStore
import StageKit

extension LoadedPipeline {
  /// The plan as it stands, for looking only: nothing is written.
  func planToRead(
    in project: ProjectFolder, _ selection: PlanSelection = PlanSelection(), isShared: Bool = true
  ) throws -> Plan {
    let pool = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
    let shared =
      isShared ? SharedStore.ofEnvironment(ProcessInfo.processInfo.environment) : nil
    let store = try RunStore.openToRead(project.database)
    let records = ProjectRecords(store: store, toRead: project, shared: shared)
    let cache: any StatCache =
      if let store { ReadOnlyStatCache(ProjectStatCache(store)) } else { MemoryStatCache() }
    let plan = try plan(
      results: records, statCache: cache, checkpoints: records, selection: selection, pool: pool)
    Terminal.show(shared?.takeWarnings() ?? [])
    return plan
  }
}

/// Looks up what is known and keeps nothing: planning changes no project.
struct ReadOnlyStatCache: StatCache {
  private let cache: any StatCache

  init(_ cache: any StatCache) { self.cache = cache }

  func entry(for key: StatKey) throws -> StatCacheEntry? { try cache.entry(for: key) }
  func entries(for keys: [StatKey]) throws -> [StatCacheEntry?] { try cache.entries(for: keys) }
  func folder(_ path: String) throws -> FolderCacheEntry? { try cache.folder(path) }
  func record(_ entries: [(key: StatKey, entry: StatCacheEntry)]) {}
}
