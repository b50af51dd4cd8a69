internal import Diagnostics
private import Foundation
private import Glibc
internal import Processes
private import Synchronization

/// The right to change a project on a folder that several hosts share, where the kernel's locks
/// may not reach.
///
/// Its holder raises a counter in its claim. Whether that goes on is judged by watching: whoever
/// has seen no change for ``Timing/expiry`` by its own clock that only counts on takes over with
/// the next number, and the old holder finds a newer claim as soon as it wakes. No two clocks are
/// compared, so that none of them need be right.
final class ProjectLease: Sendable {
  struct Timing: Sendable {
    /// Without a change for so long, a holder counts as gone.
    var expiry = Duration.seconds(20)
    /// Between two changes.
    var renewal: Duration { min(.milliseconds(500), expiry / 5) }

    /// `ORCHESTRATE_LEASE_SECONDS` sets the expiry.
    static let ofEnvironment: Timing = {
      let text = ProcessInfo.processInfo.environment["ORCHESTRATE_LEASE_SECONDS"] ?? ""
      guard let seconds = Double(text), seconds >= 0.1, seconds <= 86_400 else { return Timing() }
      return Timing(expiry: .seconds(seconds))
    }()
  }

  let number: Int
  private let claims: LeaseClaims
  private let owner: LockHolder
  private let state = Mutex(State())

  private struct State {
    var isLost = false
    var isOver = false
  }

  /// - Throws: ``Failure`` of class `locked` when a living process holds it.
  init(folder: String, timing: Timing, patience: LockPatience) throws {
    claims = LeaseClaims(folder: folder)
    owner = .current
    number = try Self.acquire(claims, owner, timing, patience)
    renew(every: timing.renewal)
  }

  deinit {
    state.withLock { $0.isOver = true }
    if (try? claims.isSuperseded(number)) == false { claims.release(number) }
  }

  /// Whether another engine has taken over; looks at the folder.
  func isLost() throws -> Bool {
    if state.withLock({ $0.isLost }) { return true }
    guard try claims.isSuperseded(number) else { return false }
    state.withLock { $0.isLost = true }
    return true
  }

  /// What was found at the last renewal; costs nothing.
  var isKnownLost: Bool { state.withLock { $0.isLost } }

  /// Who has it now.
  func successor() -> LockHolder? { (try? claims.newest())?.owner }

  // MARK: - Taking

  private static func acquire(
    _ claims: LeaseClaims, _ owner: LockHolder, _ timing: Timing, _ patience: LockPatience
  ) throws -> Int {
    while true {
      let newest = try claims.newest()
      if let newest, newest.beat != nil, !isGone(newest) {
        guard try hasExpired(newest, claims, timing, patience) else { continue }
      }
      let next = (newest?.number ?? 0) + 1
      if try claims.make(next, owner: owner) { return next }
    }
  }

  /// A process of this very boot that is not there any more.
  private static func isGone(_ claim: LeaseClaims.Claim) -> Bool {
    guard let process = claim.owner?.process, process.isOfThisBoot else { return false }
    return !process.isAlive
  }

  /// Watches a claim: true once nothing has moved for long enough, false when another one counts
  /// by now.
  private static func hasExpired(
    _ claim: LeaseClaims.Claim, _ claims: LeaseClaims, _ timing: Timing, _ patience: LockPatience
  ) throws -> Bool {
    var last = claim
    var since = ContinuousClock.now
    var hasTold = false
    let began = since
    func tell(_ sentence: String) {
      if !hasTold { patience.notify(sentence) }
      hasTold = true
    }
    while true {
      if !patience.pause(milliseconds(timing.renewal / 2)) { throw CancellationError() }
      guard let now = try claims.newest(), now.number == claim.number, now.beat != nil,
        !isGone(now)
      else { return false }
      let name = now.owner?.text ?? "another process"
      if now.beat != last.beat {
        guard patience.isPatient else { throw FileLock.held(by: now.owner) }
        tell("waiting for \(name), which uses this project")
        last = now
        since = .now
      } else if ContinuousClock.now - since > timing.expiry {
        return true
      } else if ContinuousClock.now - began > timing.renewal * 2 {
        tell(
          "watching \(name) for a sign of life, at most \(timing.expiry / .seconds(1)) s")
      }
    }
  }

  private static func milliseconds(_ duration: Duration) -> Int32 {
    Int32(max(1, min(1000, duration / .milliseconds(1))))
  }

  // MARK: - Keeping

  private func renew(every interval: Duration) {
    let microseconds = UInt32(max(1000, min(1_000_000, interval / .microseconds(1))))
    let claims = claims
    let number = number
    Thread.detachNewThread { [weak self] in
      var beat = 0
      while true {
        usleep(microseconds)
        guard let self else { return }
        if self.state.withLock({ $0.isOver || $0.isLost }) { return }
        // A folder that cannot be listed for a moment says nothing.
        let isLost = (try? claims.isSuperseded(number)) ?? false
        beat += 1
        if isLost || !claims.beat(number, beat) {
          self.state.withLock { $0.isLost = true }
          return
        }
      }
    }
  }
}
