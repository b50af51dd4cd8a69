import Artifacts
import Diagnostics
import Execution
import Foundation
import Processes
import RunStore

/// What `cancel`, `approve` and `reject` share: they ask the engine that holds the project, and do
/// it themselves when none does.
struct ProjectRequest {
  let store: RunStore
  let folder: ProjectFolder
  let run: RunRecord

  /// - Throws: ``Failure`` when nothing ever ran here, or not that run.
  init(_ options: ProjectOptions, run number: Int64?) throws {
    let (store, folder, last) = try options.lastRun()
    self.store = store
    self.folder = folder
    guard let number, number != last.id else {
      run = last
      return
    }
    guard let named = try store.run(number) else {
      throw Diagnostic(
        "run.none", "there is no run \(number) in '\(folder.root)'",
        fix: "the last one is run \(last.id)"
      ).failure(.usage)
    }
    run = named
  }

  /// - Parameter otherwise: what to do when no engine holds the project.
  func send(
    _ action: EngineRequest.Action, stage: String?, note: String? = nil,
    otherwise: () throws -> Void
  ) throws {
    let request = EngineRequest(
      action, run: run.id, token: try store.currentToken(), stage: stage, note: note)
    if let answer = try Mailbox(folder).ask(request) {
      guard answer.isAccepted else {
        throw Diagnostic("run.request-refused", answer.message).failure(.badInput)
      }
      Console.output.line(answer.message)
      return
    }
    try otherwise()
  }

  /// Records a decision on a stage while no engine runs.
  func decide(_ decision: ApprovalRecord.Decision, _ stage: String, note: String?) throws {
    let session = try ProjectSession(folder)
    _ = try ApprovalDesk(session.store).decide(
      decision, stage: stage, of: run, who: Mailbox.userName, note: note,
      seq: try session.store.lastSeq(ofRun: run.id) + 1, at: Date().timeIntervalSince1970)
    Console.output.line("'\(stage)' of run \(run.id) is \(decision.rawValue)")
    Console.output.line("go on with: \(ExecutionOptions.resumeCommand(folder))")
  }
}
