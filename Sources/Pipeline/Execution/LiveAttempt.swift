internal import Diagnostics
private import Foundation
private import Glibc
internal import Reproducibility
internal import RunStore
internal import StageKit

/// What the engine found out about a stage that can start.
struct PreparedStage {
  var fingerprint: Digest
  var inputs: [String: Digest]
  /// Of files outside the store, by path.
  var stamps: [String: FileStamp]
  /// Once it has a slot.
  var allotment: Allotment?
}

/// An attempt while its process runs.
final class LiveAttempt {
  let record: AttemptRecord
  let process: any StageProcess
  let outputFolders: [String: String]
  /// Set for a command that the engine itself has started.
  let place: AttemptPlace?
  /// Whether its process is recorded, so that a later engine can end it.
  var isProcessRecorded = false
  /// Objects of its outputs whose bytes a loss of power may still take.
  var unflushed: [Digest] = []
  /// All objects of its outputs, where they are few.
  var objects: [ResultObject]?
  private let timeoutSeconds: Double?
  /// When its own time began.
  private var started = ContinuousClock.now
  private var buffer: [UInt8] = []
  private var killAt: ContinuousClock.Instant?
  private(set) var hasTimedOut = false
  private(set) var hasClosedEvents = false
  /// The last message, once it came.
  private(set) var last: ChildMessage?
  /// How a command of the user's ended, once it said so.
  private(set) var commandEnd: CommandFailure.End?
  /// The scheduler asked it to end.
  private(set) var isStopRequested = false

  init(
    record: AttemptRecord, process: any StageProcess, outputFolders: [String: String],
    place: AttemptPlace? = nil, timeoutSeconds: Double?
  ) {
    self.place = place
    self.record = record
    self.process = process
    self.outputFolders = outputFolders
    self.timeoutSeconds = timeoutSeconds
  }

  var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

  func requestStop(grace: Double) {
    isStopRequested = true
    end(grace: grace)
  }

  private func end(grace: Double) {
    process.requestStop()
    if killAt == nil { killAt = .now + .seconds(grace) }
  }

  func checkDeadlines(grace: Double) {
    if process.isQueued { started = .now }
    if let timeoutSeconds, !hasTimedOut, last == nil, seconds > timeoutSeconds {
      hasTimedOut = true
      end(grace: grace)
    }
    if let killAt, killAt < .now {
      process.kill()
      self.killAt = nil
    }
  }

  /// Messages that have arrived, without waiting.
  func messages() -> [ChildMessage] {
    if hasClosedEvents { return [] }
    guard process.speaks else {
      hasClosedEvents = process.reap() != nil
      return []
    }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(process.events, &piece, piece.count)
      if count > 0 {
        buffer.append(contentsOf: piece[0..<count])
      } else if count == 0 {
        hasClosedEvents = true
        break
      } else if errno != EINTR {
        if errno != EAGAIN { hasClosedEvents = true }
        break
      }
    }
    guard let end = buffer.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = buffer[...end].split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    let messages = lines.compactMap { try? decoder.decode(ChildMessage.self, from: Data($0)) }
    buffer.removeSubrange(...end)
    for case .commandEnded(let end) in messages { commandEnd = end }
    if let final = messages.last(where: { $0.isLast }) { last = final }
    return messages
  }
}
