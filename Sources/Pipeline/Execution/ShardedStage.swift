private import Diagnostics
private import Foundation
private import Glibc
private import Processes
private import Reproducibility
private import StageKit

/// Runs the parts of a sharded stage, each a process of this very program with a ticket of its own,
/// as many at a time as the stage has threads.
package enum ShardedStage {
  /// - Throws: what the first part that failed has said; `CancellationError` when a stop was
  ///   requested.
  static func run(_ ticket: Ticket) throws {
    if let folder = ticket.partsFolder { return try check(ticket, folder) }
    let atOnce = min(ticket.shards, max(1, ticket.threads))
    var waiting = Array((0..<ticket.shards).reversed())
    var running: [Int: ChildProcess] = [:]
    defer {
      for child in running.values {
        child.send(SIGKILL)
        while child.reap() == nil { usleep(1000) }
      }
    }
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < atOnce, let index = waiting.popLast() {
        running[index] = try start(index, of: ticket, threads: ticket.threads / atOnce)
      }
      if StopFlag.isRaised { throw CancellationError() }
      for (index, child) in running {
        guard let exit = child.reap() else { continue }
        running[index] = nil
        if exit != .exited(0) { throw failure(of: index, ticket, exit) }
      }
      usleep(2000)
    }
  }

  /// Parts that a cluster has run: each has left the status 0.
  private static func check(_ ticket: Ticket, _ folder: String) throws {
    for index in 0..<ticket.shards {
      let isDone = SlurmRun.folders(in: "\(folder)/\(index)/runs")
        .contains { SlurmRun($0).exitStatus == 0 }
      if isDone { continue }
      throw Diagnostic(
        "stage.shard",
        "part \(index + 1) of \(ticket.shards) of stage '\(ticket.stage)' did not end well",
        fix: "'orchestrate resume' goes on with the parts that are done"
      ).failure(.stageFailed)
    }
  }

  /// Writes the ticket of a part, with the folders it names, and returns its path: a process that
  /// gets it, on any machine that sees the project's folder, does the part by
  /// `orchestrate exec-stage --ticket PATH` and exits with 0. What it made is kept with the results
  /// of chunks; it makes no output.
  ///
  /// - Parameter parenting: who starts that process: `engine` means this one.
  package static func writeTicket(
    of index: Int, in ticket: Ticket, threads: Int, _ parenting: Ticket.Parenting
  ) throws -> String {
    let folder = folder(index, ticket)
    var part = ticket
    part.shard = index
    part.threads = max(1, threads)
    part.engine = getpid()
    part.parenting = parenting
    part.temporary = folder + "/tmp"
    for port in ticket.outputs { part.outputFolders[port.name] = "\(folder)/out/\(port.name)" }
    for path in part.outputFolders.values.sorted() + [part.temporary] {
      try DurableFile.makeFolder(path)
    }
    try DurableFile.writeFleeting(part.bytes, to: folder + "/ticket.json")
    return folder + "/ticket.json"
  }

  private static func start(_ index: Int, of ticket: Ticket, threads: Int) throws -> ChildProcess {
    let path = try writeTicket(of: index, in: ticket, threads: threads, .engine)
    let folder = folder(index, ticket)
    let events = open(folder + "/events", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard events >= 0 else { throw SystemError.failure("open", folder + "/events") }
    defer { close(events) }
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }.sorted()
    return try ChildProcess.spawn(
      "/proc/self/exe", ["orchestrate", "exec-stage", "--ticket", path],
      environment: environment, output: events, errors: 2, group: false)
  }

  private static func failure(of index: Int, _ ticket: Ticket, _ exit: ChildProcess.Exit)
    -> any Error
  {
    let bytes = (try? DurableFile.read(folder(index, ticket) + "/events")) ?? []
    if let line = bytes.split(separator: UInt8(ascii: "\n")).last,
      let message = try? JSONDecoder().decode(ChildMessage.self, from: Data(line))
    {
      switch message {
      case .failed(let failure): return failure
      case .stopped: return CancellationError()
      case .event, .resumed, .commandEnded, .finished: break
      }
    }
    let how =
      switch exit {
      case .exited(let status): "ended with \(status)"
      case .signalled(let signal): "was ended by \(ChildProcess.signalName(signal))"
      }
    return Diagnostic(
      "stage.shard", "part \(index + 1) of \(ticket.shards) of stage '\(ticket.stage)' \(how)",
      fix: "'orchestrate resume' goes on with the parts that are done"
    ).failure(.stageFailed)
  }

  private static func folder(_ index: Int, _ ticket: Ticket) -> String {
    "\(ticket.temporary)/shard-\(index)"
  }
}
