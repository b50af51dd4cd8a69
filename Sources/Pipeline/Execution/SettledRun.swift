package import Artifacts
private import Diagnostics
internal import Documents
private import Foundation
private import Glibc
package import Planning
internal import Reproducibility
private import RunStore
package import StageKit

/// What made the last run stand, written down so that asking again costs a `stat` per file: the
/// pipeline's bytes, the program, the database as it was left, and the stamps of every file that is
/// read, written or kept.
///
/// It is an answer to "is there anything to do?" that holds only while nothing moved. Whatever
/// differs (a stamp, a byte of the pipeline, another engine's write) makes it worthless, and the plan
/// is made as always. Only stamps that tell a later change are written down
/// (``StatCacheEntry/isTrusted(for:tick:)``).
package struct SettledRun: Sendable {
  /// What was asked for.
  package struct Question: Sendable, Hashable {
    /// Of the pipeline file, absolute.
    package var path: String
    package var overrides: [String]

    package init(path: String, overrides: [String]) {
      self.path = URL(fileURLWithPath: path).standardizedFileURL.path
      self.overrides = overrides
    }
  }

  struct Stage: Sendable {
    var name: String
    /// By port, in order.
    var outputs: [(port: String, digest: String)]
  }

  var run: Int64
  var pipelineName: String
  var stages: [Stage]

  /// The answer of the last run to the same question, if it still holds.
  ///
  /// - Parameter device: what 'device: auto' comes to; asked for only where a stage has a device.
  package static func find(
    _ question: Question, in project: ProjectFolder, device: () -> String
  ) -> SettledRun? {
    guard let memo = SettledRunText.read(project.settled),
      memo.path == question.path, memo.overrides == question.overrides,
      memo.tool == tool, let mark = RunStore.mark(project.database), memo.database == mark,
      memo.cache == cache, let pipeline = try? Digest(file: question.path),
      memo.pipeline == pipeline.hex, memo.filesStand(),
      memo.device.isEmpty || memo.device == device()
    else { return nil }
    return memo.settled
  }

  /// Writes the answer down for the next time, when the newest run gives one: every stage of the
  /// pipeline has succeeded and all it read and made is there. Closes the session's store.
  package static func keep(
    _ question: Question, _ pipeline: LoadedPipeline, _ spec: RunSpec, in session: ProjectSession,
    device: () -> String
  ) {
    // What cannot be written down is only worked out again.
    let memo = try? SettledRunMaker(session, spec).make(question, pipeline)
    session.close()
    let path = session.project.settled
    guard var memo, let mark = RunStore.mark(session.project.database), let tool else {
      unlink(path)
      return
    }
    (memo.database, memo.tool, memo.cache) = (mark, tool, cache)
    if spec.stages.contains(where: { $0.parameters["device"] != nil }) { memo.device = device() }
    memo.write(path)
  }

  /// Shows the run as one in which every stage was taken as it is.
  package func show(_ observer: any RunObserver) {
    StandingRun.show(
      run, pipelineName, stages.map { stage in (stage.name, stage.outputs) }, observer)
  }

  /// This program: another one may make other results of the same request.
  private static var tool: String? {
    FileStamp(ofFile: "/proc/self/exe").map(SettledRunText.text)
  }

  private static var cache: String {
    ProcessInfo.processInfo.environment["ORCHESTRATE_CACHE"] ?? ""
  }
}

/// Gathers what a run that ended well rests on.
private struct SettledRunMaker {
  private let session: ProjectSession
  private let spec: RunSpec
  private let cache: ProjectStatCache

  init(_ session: ProjectSession, _ spec: RunSpec) {
    self.session = session
    self.spec = spec
    cache = ProjectStatCache(session.store)
  }

  /// Nil when the last run left anything open, or the pipeline names what a stamp cannot tell.
  func make(_ question: SettledRun.Question, _ pipeline: LoadedPipeline) throws -> SettledRunText? {
    guard pipeline.namesPlainFilesOnly, let run = try session.store.lastRun(),
      run.state == .succeeded, run.spec.pipelineDigest == spec.pipelineDigest,
      run.spec.selection == nil, spec.selection == nil
    else { return nil }
    let bytes = try DurableFile.read(question.path)
    guard Digest(of: bytes) == spec.pipelineDigest,
      !String(decoding: bytes, as: UTF8.self).contains("${env")
    else { return nil }
    let jobs = try session.store.jobs(ofRun: run.id)
    guard jobs.map(\.stage) == spec.stages.map(\.stage) else { return nil }
    var memo = SettledRunText(
      question: question, pipeline: spec.pipelineDigest.hex,
      settled: SettledRun(run: run.id, pipelineName: spec.pipelineName, stages: []))
    var wanted: [WorkspaceKeeper.Wanted] = []
    for (job, request) in zip(jobs, spec.stages) {
      guard job.state == .succeeded, let fingerprint = job.fingerprint,
        let result = try session.store.outcome(for: fingerprint), result.outcome == .succeeded,
        let objects = try session.objects(of: result, fingerprint)
      else { return nil }
      wanted += request.workspaceOutputs(result.outputs)
      for object in objects {
        guard let stamp = session.stamps.stamp(of: object.digest) else { return nil }
        memo.files.append((stamp, session.artifacts.path(of: object.digest)))
      }
      memo.settled.stages.append(
        .init(
          name: request.stage,
          outputs: result.outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.hex) }))
    }
    guard try addInputs(&memo), try add(wanted, &memo) else { return nil }
    return memo.isPlain && memo.filesStand() ? memo : nil
  }

  /// Files of the user, as they were when the run was planned.
  private func addInputs(_ memo: inout SettledRunText) throws -> Bool {
    var digests: [String: Digest] = [:]
    for file in spec.stages.flatMap({ $0.files.values.joined() }) {
      digests[file.path] = file.digest
    }
    return try add(digests.sorted { $0.key < $1.key }, &memo)
  }

  /// Files that stages wrote into the pipeline's folder.
  private func add(_ wanted: [WorkspaceKeeper.Wanted], _ memo: inout SettledRunText) throws -> Bool
  {
    var digests: [(key: String, value: Digest)] = []
    let files = WorkspaceStore(session.artifacts, folder: spec.folder)
    for item in wanted {
      guard let manifest = try session.artifacts.manifest(item.artifact) else { return false }
      let current = try files.current(item.path)
      guard current.count == 1, manifest.files.count == 1, let file = manifest.files.first,
        let found = current.first, found.path == files.path(of: item.path),
        found.name == file.name,
        found.isExecutable == (file.executable == true)
      else { return false }
      digests.append((found.path, file.digest))
    }
    return try add(digests, &memo)
  }

  /// Stamps under which the stat cache knows these bytes.
  private func add(_ files: [(key: String, value: Digest)], _ memo: inout SettledRunText) throws
    -> Bool
  {
    var keys: [StatKey] = []
    for (path, _) in files {
      guard let info = HostFile.info(path), info.kind == .file else { return false }
      keys.append(info.key)
    }
    var ticks = StampTicks()
    for ((path, digest), (key, entry)) in zip(files, zip(keys, try cache.entries(for: keys))) {
      guard let entry, entry.digest == digest,
        entry.isTrusted(for: key, tick: ticks.tick(of: path, key))
      else { return false }
      let stamp = FileStamp(
        device: key.device, inode: key.inode, size: key.size, modified: key.modified,
        changed: key.changed)
      memo.files.append((stamp, path))
    }
    return true
  }
}
