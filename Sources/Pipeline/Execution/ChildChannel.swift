private import Artifacts
private import Diagnostics
private import Foundation
private import Glibc
internal import Reproducibility
internal import StageKit
private import Synchronization

/// The child's end of the event stream: one JSON line per message, from any thread.
final class ChildChannel: Sendable {
  private struct State {
    var isBroken = false
    var lastProgress: ContinuousClock.Instant?
    /// Metrics since the last checkpoint.
    var pending: [StageEvent] = []
  }

  private let descriptor: Int32
  /// `metrics.ndjson` of the fingerprint.
  private let metricsPath: String
  private let state = Mutex(State())

  init(descriptor: Int32, metricsPath: String) {
    self.descriptor = descriptor
    self.metricsPath = metricsPath
  }

  func send(_ message: ChildMessage) {
    state.withLock { write(message, &$0) }
  }

  /// Passes an event of the stage on. Progress is thinned to 20 a second.
  func report(_ event: StageEvent) {
    state.withLock { state in
      switch event {
      case .progress(let done, let total, _, _):
        let now = ContinuousClock.now
        if let last = state.lastProgress, now - last < .milliseconds(50), done != total { return }
        state.lastProgress = now
      case .metric: state.pending.append(event)
      default: break
      }
      write(.event(event), &state)
    }
  }

  // MARK: - Metrics that belong to a checkpoint

  /// Makes the metrics so far durable, before the checkpoint that they lead to appears: the engine
  /// may die before it stores them, and a resumed stage does not report them again.
  func keepMetrics() throws {
    try state.withLock { state in
      if state.pending.isEmpty { return }
      let encoder = JSONEncoder()
      let earlier = SummedFile.lines((try? DurableFile.read(metricsPath)) ?? []).texts
      var bytes = earlier.flatMap { SummedFile.line($0) }
      for event in state.pending { bytes += SummedFile.line(Array(try encoder.encode(event))) }
      try DurableFile.write(bytes, to: metricsPath)
      state.pending.removeAll()
    }
  }

  /// Reports again what was kept with the checkpoint that the stage goes on from.
  func repeatMetrics() {
    let decoder = JSONDecoder()
    let (texts, damaged) = SummedFile.lines((try? DurableFile.read(metricsPath)) ?? [])
    if damaged > 0 {
      report(
        .message(
          Diagnostic(
            "checkpoint.metrics-damaged",
            "'\(SafeText.escaped(metricsPath, limit: 300))' has \(damaged) damaged lines: those metrics "
              + "are missing", severity: .warning)))
    }
    for line in texts {
      guard let event = try? decoder.decode(StageEvent.self, from: Data(line)) else { continue }
      send(.event(event))
    }
  }

  // MARK: - Private

  private func write(_ message: ChildMessage, _ state: inout State) {
    guard !state.isBroken, var line = try? JSONEncoder().encode(message) else { return }
    line.append(UInt8(ascii: "\n"))
    let bytes = Array(line)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        // The engine is gone; so will this process be.
        state.isBroken = true
        return
      }
    }
  }
}

/// Checkpoints of the fingerprint, with the metrics that belong to them.
struct ChildCheckpoints: CheckpointStore {
  let folder: any CheckpointStore
  let channel: ChildChannel

  func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {
    try folder.save(step: step, arithmetic: arithmetic, write)
  }

  func latest(arithmetic: String) throws -> Checkpoint? {
    guard let checkpoint = try folder.latest(arithmetic: arithmetic) else { return nil }
    channel.send(.resumed(step: checkpoint.step))
    channel.repeatMetrics()
    return checkpoint
  }
}
