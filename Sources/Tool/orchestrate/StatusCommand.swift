import ArgumentParser
import Artifacts
import Documents
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit

/// `orchestrate status`: where the last run stands.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Shows where the last run and its stages stand.")

  @OptionGroup var projectOptions: ProjectOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let (store, folder, run) = try projectOptions.lastRun()
    let jobs = try store.jobs(ofRun: run.id)
    if json {
      Console.output.line(JSONWriter.compact(try report(store, run, jobs)))
      return
    }
    let holder = ProjectOwnership.holder(of: folder)
    let isDead = run.state == .running && holder == nil
    Console.output.line(
      "run \(run.id) of \(run.spec.pipelineName): "
        + (isDead ? "died, can be resumed" : run.state.rawValue))
    if let holder { Console.output.line("in use by \(holder)") }
    let width = jobs.map(\.stage.count).max() ?? 0
    for job in jobs {
      let name = job.stage + String(repeating: " ", count: width - job.stage.count)
      var text = job.isReused && job.state == .succeeded ? "cached" : job.state.rawValue
      if job.state == .succeeded, !job.isReused { text = "done" }
      if let started = job.started, let finished = job.finished, !job.isReused {
        text += " in \(Duration.words(finished - started))"
      }
      if let cause = job.cause { text += ": \(cause)" }
      if job.cause == nil, !job.isReused, let reason = run.spec.reasons?[job.stage] {
        text += ": \(reason)"
      }
      Console.output.line("  \(name)  \(text)")
    }
    for job in jobs where job.state == .awaitingApproval {
      let command = ExecutionOptions.resumeCommand(folder)
        .replacing("orchestrate resume", with: "orchestrate approve \(job.stage)")
      Console.output.line("approve with: \(command)")
    }
    if isDead || run.state == .interrupted || run.state == .failed {
      Console.output.line("resume with: \(ExecutionOptions.resumeCommand(folder))")
    }
  }

  private func report(_ store: RunStore, _ run: RunRecord, _ jobs: [JobRecord]) throws -> JSONValue
  {
    .object([
      "run": .integer(run.id), "pipeline": .string(run.spec.pipelineName),
      "state": .string(run.state.rawValue), "created": .number(run.created),
      "finished": run.finished.map { .number($0) } ?? .null,
      "exit": run.exitStatus.map { .integer(Int64($0)) } ?? .null,
      "stages": .array(try jobs.map { try self.report(store, $0, run.spec.reasons?[$0.stage]) }),
    ])
  }

  private func report(_ store: RunStore, _ job: JobRecord, _ reason: String?) throws -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("stage", .string(job.stage)), JSONMember("state", .string(job.state.rawValue)),
      JSONMember("reused", .bool(job.isReused)), JSONMember("tries", .integer(Int64(job.tries))),
    ]
    if let fingerprint = job.fingerprint {
      members.append(JSONMember("fingerprint", .string(fingerprint.hex)))
    }
    if let cause = job.cause { members.append(JSONMember("cause", .string(cause))) }
    if let reason { members.append(JSONMember("reason", .string(reason))) }
    if job.state == .succeeded || job.state == .refused, let fingerprint = job.fingerprint,
      let result = try store.outcome(for: fingerprint)
    {
      let outputs = result.outputs.sorted { $0.key < $1.key }
      members.append(
        JSONMember("outputs", .object(outputs.map { JSONMember($0.key, .string($0.value.hex)) })))
      members.append(JSONMember("seconds", .number(result.seconds)))
    }
    let counts = try store.tallies(ofJob: job.id)
    members.append(
      JSONMember("counts", .object(counts.map { JSONMember($0.name, .integer(Int64($0.value))) })))
    return .object(members)
  }
}
