import ArgumentParser
import Artifacts
import Documents
import Execution
import Foundation
import Parallelism
import Planning
import RunStore

/// `orchestrate plan`: what a run would do, and why.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows what a run would do, and why.",
    discussion: "Reads and digests what the pipeline names; nothing is run or written.")

  @OptionGroup var pipeline: PipelineOptions

  func run() throws {
    let loaded = try pipeline.load()
    try Capacity.machine.check(loaded)
    let plan = try plan(loaded)
    Terminal.show(plan.warnings)
    print(
      pipeline.json ? JSONWriter.compact(plan.json) : plan.table,
      terminator: pipeline.json ? "\n" : "")
  }

  private func plan(_ loaded: LoadedPipeline) throws -> Plan {
    let project = pipeline.project(for: loaded)
    let pool = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
    let shared = SharedStore.ofEnvironment(ProcessInfo.processInfo.environment)
    let store = try RunStore.openToRead(project.database)
    let records = ProjectRecords(store: store, toRead: project, shared: shared)
    let cache: any StatCache =
      if let store { ReadOnlyStatCache(ProjectStatCache(store)) } else { MemoryStatCache() }
    let plan = try loaded.plan(
      results: records, statCache: cache, checkpoints: records, pool: pool)
    Terminal.show(shared?.takeWarnings() ?? [])
    return plan
  }
}

/// Looks up what is known and keeps nothing: planning changes no project.
private struct ReadOnlyStatCache: StatCache {
  private let cache: any StatCache

  init(_ cache: any StatCache) { self.cache = cache }

  func entry(for key: StatKey) throws -> StatCacheEntry? { try cache.entry(for: key) }
  func record(_ entries: [(key: StatKey, entry: StatCacheEntry)]) {}
}
