package import Diagnostics
package import Documents
private import Foundation
package import StageKit

/// One line of the event stream that the terminal, `--json` and reports read.
///
/// ```json
/// {"seq":7,"time":1760000000.5,"type":"job","stage":"sft","event":"started","state":"running"}
/// ```
package struct RunEvent: Sendable, Hashable {
  package enum Body: Sendable, Hashable {
    case runStarted(run: Int64, pipeline: String, stages: [String], isResumed: Bool)
    /// A move of the job; `detail` says more: a cause, an attempt, a step.
    case job(event: JobEvent, state: JobState, detail: [JSONMember])
    case stage(StageEvent)
    case runFinished(state: RunState, exitStatus: Int32, resume: String?)
    /// A hook has run, after the end of the run; `problem`: what went wrong.
    case hook(moment: RunHooks.Moment, problem: String?, seconds: Double)
  }

  /// Raised by one with every event of a run, resumes included; progress is not kept, so that a
  /// resume may give its numbers again.
  package var seq: Int
  /// Seconds since 1970.
  package var time: Double
  package var stage: String?
  package var body: Body

  package init(seq: Int, time: Double, stage: String? = nil, body: Body) {
    self.seq = seq
    self.time = time
    self.stage = stage
    self.body = body
  }

  /// Whether the event is stored with the run; progress is only shown, metrics have a table.
  package var isKept: Bool {
    switch body {
    case .stage(.progress), .stage(.metric): false
    default: true
    }
  }

  /// The first line of the stream.
  package static let version: JSONValue = .object([
    "type": "version", "stream": "orchestrate.events", "version": "1.0",
  ])

  /// The line's JSON object.
  package var json: JSONValue {
    var members = [
      JSONMember("seq", .integer(Int64(seq))), JSONMember("time", .number(time)),
      JSONMember("type", .string(type)),
    ]
    if let stage { members.append(JSONMember("stage", .string(stage))) }
    switch body {
    case .runStarted(let run, let pipeline, let stages, let isResumed):
      members += [
        JSONMember("run", .integer(run)), JSONMember("pipeline", .string(pipeline)),
        JSONMember("resumed", .bool(isResumed)),
        JSONMember("stages", .array(stages.map { .string($0) })),
      ]
    case .job(let event, let state, let detail):
      members += [
        JSONMember("event", .string(event.rawValue)), JSONMember("state", .string(state.rawValue)),
      ]
      members += detail
    case .stage(let event): members += Self.members(event)
    case .runFinished(let state, let exitStatus, let resume):
      members += [
        JSONMember("state", .string(state.rawValue)),
        JSONMember("exit", .integer(Int64(exitStatus))),
      ]
      if let resume { members.append(JSONMember("resume", .string(resume))) }
    case .hook(let moment, let problem, let seconds):
      members += [
        JSONMember("hook", .string(moment.rawValue)),
        JSONMember("seconds", .number((seconds * 1000).rounded() / 1000)),
        JSONMember("problem", problem.map { .string($0) } ?? .null),
      ]
    }
    return .object(members)
  }

  package var type: String {
    switch body {
    case .runStarted: "run_started"
    case .job: "job"
    case .stage(.progress): "progress"
    case .stage(.metric): "metric"
    case .stage(.count): "count"
    case .stage(.message): "message"
    case .stage(.checkpoint): "checkpoint"
    case .runFinished: "run_finished"
    case .hook: "hook"
    }
  }

  private static func members(_ event: StageEvent) -> [JSONMember] {
    switch event {
    case .progress(let done, let total, let unit, let rates):
      var members = [JSONMember("done", .integer(Int64(done)))]
      if let total { members.append(JSONMember("total", .integer(Int64(total)))) }
      members.append(JSONMember("unit", .string(unit)))
      let shown = rates.sorted { $0.key < $1.key }.map { JSONMember($0.key, number($0.value)) }
      members.append(JSONMember("rates", .object(shown)))
      return members
    case .metric(let name, let step, let value):
      return [
        JSONMember("name", .string(name)), JSONMember("step", .integer(Int64(step))),
        JSONMember("value", number(value)),
      ]
    case .count(let name, let value):
      return [JSONMember("name", .string(name)), JSONMember("value", .integer(Int64(value)))]
    case .message(let diagnostic): return members(diagnostic)
    case .checkpoint(let step): return [JSONMember("step", .integer(Int64(step)))]
    }
  }

  /// Code, severity, message and, when there are any, place and fix.
  package static func members(_ diagnostic: Diagnostic) -> [JSONMember] {
    var members = [
      JSONMember("severity", .string(diagnostic.severity.rawValue)),
      JSONMember("code", .string(diagnostic.code)),
      JSONMember("message", .string(diagnostic.message)),
    ]
    if let span = diagnostic.span {
      members += [
        JSONMember("file", .string(span.file)), JSONMember("line", .integer(Int64(span.line))),
        JSONMember("column", .integer(Int64(span.column))),
      ]
    }
    if let fix = diagnostic.fix { members.append(JSONMember("fix", .string(fix))) }
    return members
  }

  /// JSON has no infinity and no NaN: those become null.
  private static func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .null
  }
}
