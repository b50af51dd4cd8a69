import Documents
import Execution
import RunStore

/// The event stream as NDJSON on standard output.
final class JSONView: RunObserver {
  init() { Console.output.line(JSONWriter.compact(RunEvent.version)) }

  func receive(_ event: RunEvent) { Console.output.line(JSONWriter.compact(event.json)) }

  /// For a run that had ended before.
  func finish(_ run: RunRecord) {
    let body = RunEvent.Body.runFinished(
      state: run.state, exitStatus: run.exitStatus ?? 0, resume: nil)
    receive(RunEvent(seq: 1, time: run.finished ?? run.created, body: body))
  }
}
