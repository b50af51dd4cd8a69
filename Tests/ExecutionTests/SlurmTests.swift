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

  func cancel(_ job: SlurmJobName, signal: String?) -> Bool {
    let name = job.task.map { "\(job.array ?? 0)_\($0)" } ?? job.name
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

  private func launcher(_ program: String) -> SlurmLauncher {
    SlurmLauncher(
      project, commands: cluster, executable: program, pollSeconds: 0.01, queueSeconds: 0.02,
      settleSeconds: 0.1)
  }

  private func launch(
    _ program: String, shards: Int = 1, as number: Int64 = 7, by shared: SlurmLauncher? = nil
  ) throws -> any StageProcess {
    let launcher = shared ?? launcher(program)
    let attempt = project.attempt(number)
    try DurableFile.makeFolder(attempt + "/out/files")
    let text = """
      {"formatVersion": 1, "attempt": \(number), "stage": "a", "kind": "x", "version": 1,
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
      ticket, ticketPath: attempt + "/ticket.json", log: project.log(ofAttempt: number))
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
    let name = JobNameOption.of(cluster.state.withLock { $0.submitted[0].options })
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
    let name = JobNameOption.of(cluster.state.withLock { $0.submitted[0].options })
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
    let name = JobNameOption.of(submitted[1].options)
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
    let name = JobNameOption.of(cluster.state.withLock { $0.submitted[0].options })
    // It was killed before it could leave word of the job.
    let word = project.attempt(7) + "/slurm.json"
    waitUntil { access(word, F_OK) == 0 }
    try DurableFile.remove(word)
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

  /// A cluster in which an engine has handed a job in and died.
  private func dead(_ program: String) throws -> String {
    let process = try launch(program)
    waitUntil { access(project.attempt(7) + "/slurm.json", F_OK) == 0 }
    let name = JobNameOption.of(cluster.state.withLock { $0.submitted[0].options })
    cluster.state.withLock { $0.queue = [SlurmJob(number: 101, state: "RUNNING", name: name)] }
    try DurableFile.write(Array("said before\n".utf8), to: project.log(ofAttempt: 7))
    lose(process)
    SlurmLeftovers.end(project, commands: cluster, seconds: 0.2)
    try project.sweep(keeping: SlurmLeftovers.kept(project))
    #expect(cluster.state.withLock(\.cancelled) == [])
    return name
  }

  /// Its engine looks at it no more, and the cluster has heard nothing of that.
  private func lose(_ process: any StageProcess) {
    let before = cluster.state.withLock(\.cancelled)
    process.kill()
    waitUntil { cluster.state.withLock(\.cancelled) != before }
    cluster.state.withLock { $0.cancelled = before }
  }

  @Test("a job of a dead engine is gone on with: nothing is handed in again, its outputs are taken")
  func adopted() throws {
    let finished = try line(.finished(.succeeded, outputs: [:]))
    let program = try program(
      "mkdir -p $D/out/files; echo made >$D/out/files/f; echo '\(finished)' >$D/events")
    _ = try dead(program)
    let process = try launch(program, as: 8)
    #expect(process.adoptedFolder == project.attempt(7))
    usleep(100_000)
    #expect(process.reap() == nil)
    try cluster.execute()
    let (said, exit) = ending(process)
    #expect(exit == .exited(0))
    #expect(
      said.contains {
        if case .event(.message(let note)) = $0 { note.code == "slurm.adopted" } else { false }
      })
    #expect(cluster.state.withLock { $0.submitted.count } == 1)
    #expect(try DurableFile.read(project.attempt(8) + "/out/files/f") == Array("made\n".utf8))
    #expect(try DurableFile.read(project.log(ofAttempt: 8)) == Array("said before\n".utf8))
  }

  @Test("one that ended well while no engine lived is taken as it is")
  func adoptedAfterItsEnd() throws {
    let finished = try line(.finished(.succeeded, outputs: [:]))
    let program = try program("mkdir -p $D/out/files; echo '\(finished)' >$D/events")
    _ = try dead(program)
    try cluster.execute()
    cluster.state.withLock { $0.queue = [] }
    let process = try launch(program, as: 8)
    let (_, exit) = ending(process)
    #expect(exit == .exited(0))
    #expect(cluster.state.withLock { $0.submitted.count } == 1)
  }

  @Test(
    "a job that is gone, failed, was told to stop, runs another program or does something else is not",
    arguments: ["gone", "failed", "stop", "program", "request", "taken"])
  func notAdopted(_ why: String) throws {
    let program = try program(why == "taken" ? "mkdir -p $D/out/files" : "exit 3")
    _ = try dead(program)
    let old = project.attempt(7)
    switch why {
    case "taken":
      // The engine died while it published.
      try cluster.execute()
      try DurableFile.remove(old + "/runs/101.0/out")
    case "gone": cluster.state.withLock { $0.queue = [] }
    case "failed": try cluster.execute()
    case "stop": try DurableFile.write([], to: old + "/stop")
    case "program":
      try DurableFile.write(Array("#!/bin/sh\nexit 4\n".utf8), to: program, mode: 0o755)
    default:
      let word = String(decoding: try DurableFile.read(old + "/slurm.json"), as: UTF8.self)
      let other = word.replacing(
        "\"checkpoints\":\"\(folder.path)\"", with: "\"checkpoints\":\"/elsewhere\"")
      #expect(other != word)
      try DurableFile.write(Array(other.utf8), to: old + "/slurm.json")
    }
    let process = try launch(program, as: 8)
    #expect(process.adoptedFolder == nil)
    waitUntil { cluster.state.withLock { $0.submitted.count } == 2 }
    #expect(cluster.state.withLock { $0.submitted.count } == 2)
  }

  @Test("a job that nobody has asked for again is ended with the run, and its folder removed")
  func unasked() throws {
    let name = try dead(program("true"))
    SlurmLauncher(project, commands: cluster, executable: folder.path + "/program").finish()
    #expect(cluster.state.withLock(\.cancelled) == [name])
    #expect(access(project.attempt(7), F_OK) != 0)
  }

  @Test("attempts handed in together are tasks of one array, each with its own folder, log and end")
  func array() throws {
    let finished = try line(.finished(.succeeded, outputs: [:]))
    let program = try program(
      "echo log of $D; mkdir -p $D/out/files; echo $D >$D/out/files/f; "
        + "case $D in *000009*) exit 3;; esac; echo '\(finished)' >$D/events")
    let launcher = launcher(program)
    let processes = try (7...9).map { try launch(program, as: $0, by: launcher) }
    waitUntil { isSubmitted }
    let submitted = cluster.state.withLock(\.submitted)
    #expect(submitted.count == 1)
    #expect(submitted[0].options.contains("--array=0-2"))
    #expect(submitted[0].options.contains("--partition=gpu"))
    let name = JobNameOption.of(submitted[0].options)
    cluster.state.withLock {
      $0.queue = (0..<3).map { SlurmJob(number: 101, task: $0, state: "RUNNING", name: name) }
    }
    for task in 0..<3 { try cluster.execute(job: 101 + task, task: task) }
    let exits = processes.map { ending($0).exit }
    #expect(exits == [.exited(0), .exited(0), .exited(3)])
    for number in [Int64(7), 8] {
      let own = String(
        decoding: try DurableFile.read(project.attempt(number) + "/out/files/f"), as: UTF8.self)
      #expect(own.contains("/00000\(number)/"))
      let log = String(
        decoding: try DurableFile.read(project.log(ofAttempt: number)), as: UTF8.self)
      #expect(log.contains("log of") && log.contains("/00000\(number)/"))
    }
  }

  @Test("one task of an array is stopped, adopted or lost alone")
  func taskOfAnArray() throws {
    let finished = try line(.finished(.succeeded, outputs: [:]))
    let program = try program("mkdir -p $D/out/files; echo '\(finished)' >$D/events")
    let launcher = launcher(program)
    let processes = try (7...9).map { try launch(program, as: $0, by: launcher) }
    waitUntil { access(project.attempt(9) + "/slurm.json", F_OK) == 0 }
    let name = JobNameOption.of(cluster.state.withLock { $0.submitted[0].options })
    cluster.state.withLock {
      $0.queue = (0..<3).map {
        SlurmJob(number: 101, task: $0, state: $0 == 1 ? "NODE_FAIL" : "RUNNING", name: name)
      }
    }
    #expect(ending(processes[1]).exit == .exited(1))
    processes[0].requestStop()
    #expect(ending(processes[0]).exit == .exited(130))
    #expect(cluster.state.withLock(\.cancelled) == ["101_0"])
    lose(processes[2])
    // The engine dies; what is left of the array is gone on with, the rest is not.
    try DurableFile.remove(project.attempt(8))
    SlurmLeftovers.end(project, commands: cluster, seconds: 0.1)
    #expect(cluster.state.withLock(\.cancelled).allSatisfy { $0 == "101_0" })
    #expect(SlurmLeftovers.kept(project) == ["000009"])
    let process = try launch(program, as: 10)
    #expect(process.adoptedFolder == project.attempt(9))
    try cluster.execute(job: 103, task: 2)
    #expect(ending(process).exit == .exited(0))
    #expect(cluster.state.withLock { $0.submitted.count } == 1)
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

private enum JobNameOption {
  static func of(_ options: [String]) -> String {
    options.first { $0.hasPrefix("--job-name=") }.map { String($0.dropFirst(11)) } ?? ""
  }
}
