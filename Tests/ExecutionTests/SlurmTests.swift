import Artifacts
import Diagnostics
import Execution
import Foundation
import Glibc
import Processes
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

/// A cluster that exists in the test only: it runs what is handed in when it is told to, and its
/// queue says what the test wants.
private final class PaperCluster: SlurmCommands {
  struct State: Sendable {
    var submitted: [(script: String, options: [String])] = []
    var cancelled: [String] = []
    var queue: [SlurmJob]? = []
    /// Calls of `submit` that are not answered.
    var silences = 0
  }

  let state = Mutex(State())

  func submit(_ script: String, options: [String]) throws -> Int? {
    state.withLock { state in
      if state.silences > 0 {
        state.silences -= 1
        return nil
      }
      state.submitted.append((script, options))
      return 100 + state.submitted.count
    }
  }

  func queue() -> [SlurmJob]? { state.withLock(\.queue) }

  func cancel(name: String, signal: String?) -> Bool {
    state.withLock { $0.cancelled.append(signal.map { "\(name) \($0)" } ?? name) }
    return true
  }

  /// Runs the last script as a node would.
  func execute(job: Int = 101, restart: Int = 0, task: Int? = nil, script index: Int = 0) throws {
    let script = state.withLock { $0.submitted[index].script }
    var variables = ["SLURM_JOB_ID=\(job)", "SLURM_RESTART_COUNT=\(restart)"]
    if let task { variables.append("SLURM_ARRAY_TASK_ID=\(task)") }
    _ = try CapturedCommand(["env"] + variables + ["sh", script], seconds: 20).run()
  }
}

@Suite struct SlurmTests {
  let folder: TemporaryFolder
  let project: ProjectFolder
  private let cluster = PaperCluster()

  init() throws {
    folder = try TemporaryFolder()
    project = ProjectFolder(root: folder.path)
    try project.create()
  }

  /// Stands for `orchestrate exec-stage --ticket T --run-folder D`: writes an output and says so.
  private func program(_ body: String) throws -> String {
    let path = folder.path + "/program"
    try DurableFile.write(Array("#!/bin/sh\nD=$5\n\(body)\n".utf8), to: path, mode: 0o755)
    return path
  }

  private func line(_ message: ChildMessage) throws -> String {
    String(decoding: try JSONEncoder().encode(message), as: UTF8.self)
  }

  private func launch(_ program: String, shards: Int = 1) throws -> any StageProcess {
    let launcher = SlurmLauncher(
      project, commands: cluster, executable: program, pollSeconds: 0.01, queueSeconds: 0.02,
      settleSeconds: 0.1)
    let attempt = project.attempt(7)
    try DurableFile.makeFolder(attempt + "/out/files")
    let text = """
      {"formatVersion": 1, "attempt": 7, "stage": "a", "kind": "x", "version": 1,
       "parameters": "{}", "inputs": {}, "files": {},
       "outputs": [{"name": "files", "types": ["files"], "isOptional": false, "help": ""}],
       "outputFolders": {"files": "\(attempt)/out/files"}, "checkpoints": "\(folder.path)",
       "project": "\(folder.path)", "shards": \(shards), "temporary": "\(attempt)/tmp",
       "folder": "\(folder.path)", "threads": 2, "environment": {},
       "engine": 1, "parenting": "engine", "executor": "slurm",
       "slurm": ["--partition=gpu"]}
      """
    let ticket = try Ticket.read(Array(text.utf8))
    return try launcher.launch(
      ticket, ticketPath: attempt + "/ticket.json", log: project.log(ofAttempt: 7))
  }

  private func waitUntil(_ condition: () -> Bool) {
    for _ in 0..<1000 where !condition() { usleep(10_000) }
  }

  /// All that the process has said until it ended, and how it ended.
  private func ending(_ process: any StageProcess) -> (
    said: [ChildMessage], exit: ChildProcess.Exit?
  ) {
    waitUntil { process.reap() != nil }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(process.events, &bytes, bytes.count)
    let said = bytes[..<max(0, count)].split(separator: 10).compactMap {
      try? JSONDecoder().decode(ChildMessage.self, from: Data($0))
    }
    return (said, process.reap())
  }

  private var isSubmitted: Bool { cluster.state.withLock { !$0.submitted.isEmpty } }

  @Test("a job that ends well gives what its execution made")
  func success() throws {
    let finished = try line(.finished(.succeeded, outputs: [:]))
    let process = try launch(
      program("mkdir -p $D/out/files; echo made >$D/out/files/f; echo '\(finished)' >$D/events"))
    #expect(process.isQueued)
    waitUntil { isSubmitted }
    try cluster.execute()
    let (said, exit) = ending(process)
    #expect(exit == .exited(0))
    guard case .finished? = said.last else {
      Issue.record("it ended without saying that it finished")
      return
    }
    #expect(try DurableFile.read(project.attempt(7) + "/out/files/f") == Array("made\n".utf8))
    let options = cluster.state.withLock { $0.submitted[0].options }
    #expect(options.contains("--partition=gpu"))
    #expect(options.contains("--cpus-per-task=2"))
  }

  @Test("of two executions after a lost node the one that ended counts, and the other is cancelled")
  func twoExecutions() throws {
    let finished = try line(.finished(.succeeded, outputs: [:]))
    let process = try launch(
      program(
        "mkdir -p $D/out/files; echo $D >$D/out/files/f; case $D in *.1) echo '\(finished)' "
          + ">$D/events;; *) exit 9;; esac"))
    waitUntil { isSubmitted }
    let first = project.attempt(7) + "/runs/101.0"
    try DurableFile.makeFolder(first + "/out/files")
    waitUntil { !process.isQueued }
    let name = SlurmJobName.of(cluster.state.withLock { $0.submitted[0].options })
    cluster.state.withLock { $0.queue = [SlurmJob(number: 101, state: "RUNNING", name: name)] }
    try cluster.execute(restart: 1)
    waitUntil { cluster.state.withLock { $0.cancelled.contains(name) } }
    #expect(process.reap() == nil, "a copy that lives is waited for")
    cluster.state.withLock { $0.queue = [] }
    let (_, exit) = ending(process)
    #expect(exit == .exited(0))
    let made = String(
      decoding: try DurableFile.read(project.attempt(7) + "/out/files/f"), as: UTF8.self)
    #expect(made.hasSuffix("101.1\n"))
  }

  @Test(
    "a job that is gone without an exit status was lost, and the state says why",
    arguments: ["NODE_FAIL", "OUT_OF_MEMORY", "TIMEOUT"])
  func lost(_ state: String) throws {
    let process = try launch(program("true"))
    waitUntil { isSubmitted }
    let name = SlurmJobName.of(cluster.state.withLock { $0.submitted[0].options })
    cluster.state.withLock { $0.queue = [SlurmJob(number: 101, state: state, name: name)] }
    let (said, exit) = ending(process)
    #expect(exit == .exited(1))
    guard case .failed(let failure)? = said.last else {
      Issue.record("nothing was said")
      return
    }
    #expect(failure.diagnostics[0].message.contains(state))
  }

  @Test("a controller that does not answer is waited for and concludes nothing")
  func silence() throws {
    cluster.state.withLock { $0.queue = nil }
    let process = try launch(program("exit 3"))
    waitUntil { isSubmitted }
    usleep(300_000)
    #expect(process.reap() == nil)
    try cluster.execute()
    let (said, exit) = ending(process)
    #expect(exit == .exited(3))
    let notes = said.filter { message in
      if case .event(.message(let note)) = message { return note.code == "slurm.silent" }
      return false
    }
    #expect(notes.count == 1)
  }

  @Test("a job that waits in the queue is cancelled when a stop is asked for")
  func stopBeforeItStarts() throws {
    let process = try launch(program("exit 3"))
    waitUntil { isSubmitted }
    process.requestStop()
    let (said, exit) = ending(process)
    #expect(exit == .exited(130))
    guard case .stopped? = said.last else {
      Issue.record("it did not stop")
      return
    }
    #expect(cluster.state.withLock { $0.cancelled.count } == 1)
  }

  @Test("parts run as tasks of an array, and the first that fails speaks for the stage")
  func parts() throws {
    let failure = Diagnostic("x.y", "part of the work is bad").failure(.badInput)
    let failed = try line(.failed(failure))
    let process = try launch(program("echo '\(failed)' >$D/events; exit 65"), shards: 3)
    waitUntil { cluster.state.withLock { $0.submitted.count } == 2 }
    let submitted = cluster.state.withLock(\.submitted)
    #expect(submitted[0].options.contains("--array=0-2"))
    #expect(submitted[1].options.contains("--dependency=afterok:101"))
    try cluster.execute(task: 1)
    let name = SlurmJobName.of(submitted[1].options)
    cluster.state.withLock { $0.queue = [SlurmJob(number: 102, state: "CANCELLED", name: name)] }
    let (said, _) = ending(process)
    guard case .failed(let told)? = said.last else {
      Issue.record("nothing was said")
      return
    }
    #expect(told.diagnostics == failure.diagnostics)
  }

  @Test("a new engine ends the jobs of a dead one, and only those of its project")
  func leftovers() throws {
    _ = try launch(program("true"))
    waitUntil { isSubmitted }
    let name = SlurmJobName.of(cluster.state.withLock { $0.submitted[0].options })
    let foreign = "orchestrate-0123456789ab-7"
    let other = PaperCluster()
    other.state.withLock {
      $0.queue = [
        SlurmJob(number: 1, state: "RUNNING", name: name),
        SlurmJob(number: 2, state: "RUNNING", name: foreign),
        SlurmJob(number: 3, state: "COMPLETED", name: String(name.dropLast()) + "6"),
      ]
    }
    SlurmLeftovers.end(project, commands: other, seconds: 0.5)
    #expect(other.state.withLock(\.cancelled) == [name])
  }

  @Test("the queue is read line by line, whatever a name holds")
  func queue() {
    let jobs = SlurmJob.read("12|N/A|RUNNING|a name|None\n13|4|PENDING|b|Resources, x|y\nodd\n")
    #expect(
      jobs == [
        SlurmJob(number: 12, state: "RUNNING", name: "a name", reason: "None"),
        SlurmJob(number: 13, task: 4, state: "PENDING", name: "b", reason: "Resources, x|y"),
      ])
    #expect(SlurmJob(number: 1, state: "PENDING", reason: "DependencyNeverSatisfied").hasEnded)
    #expect(!SlurmJob(number: 1, state: "SOMETHING_NEW").hasEnded)
  }
}

private enum SlurmJobName {
  static func of(_ options: [String]) -> String {
    options.first { $0.hasPrefix("--job-name=") }.map { String($0.dropFirst(11)) } ?? ""
  }
}
