internal import Reproducibility

/// How often a stage that fails is tried, after which ends, and how long to wait in between.
package struct RetryPolicy: Sendable, Hashable {
  package enum Jitter: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// Between half the pause and all of it, by stage and try: the same in every run.
    case deterministic
  }

  /// All tries together; 1 means no retry.
  package var attempts: Int
  /// Before the second try; doubled before each further one.
  package var backoffSeconds: Double
  /// No pause is longer.
  package var backoffMaxSeconds: Double
  package var jitter: Jitter
  /// Ends after which it is tried again, sorted.
  package var on: [RetryReason]

  package static let backoffMaxSecondsDefault = 3600.0

  package init(
    attempts: Int = 1, backoffSeconds: Double = 0,
    backoffMaxSeconds: Double = RetryPolicy.backoffMaxSecondsDefault, jitter: Jitter = .none,
    on: [RetryReason] = RetryReason.all
  ) {
    self.attempts = attempts
    self.backoffSeconds = backoffSeconds
    self.backoffMaxSeconds = backoffMaxSeconds
    self.jitter = jitter
    self.on = on.sorted()
  }

  /// Whether an attempt that ended so is followed by another one, as long as tries are left.
  package func allows(_ reason: RetryReason) -> Bool {
    if on.contains(reason) { return true }
    // An exit status is a kind of failure.
    if case .exitStatus = reason { return on.contains(.failed) }
    return false
  }

  /// Seconds to wait after try number `tries` (from 1) of `stage`.
  package func pause(afterTry tries: Int, of stage: String) -> Double {
    let doubled = backoffSeconds * Double(1 << min(30, max(0, tries - 1)))
    let pause = min(doubled, backoffMaxSeconds)
    guard jitter == .deterministic else { return pause }
    let seed = Digest(of: Array(stage.utf8)).hex.prefix(16)
    let random = CounterRandom(seed: UInt64(seed, radix: 16) ?? 0, stream: "retry")
    return pause * (0.5 + random.uniform(UInt64(tries)) / 2)
  }
}

/// How an attempt ended, as `retry: on:` names it.
package enum RetryReason: Sendable, Hashable {
  /// It said that it failed.
  case failed
  case timeout
  /// The kernel, or the stage itself, ran out of memory.
  case outOfMemory
  /// A disk was full, a device unreadable.
  case io
  /// It was gone without a word.
  case lost
  /// A signal ended it.
  case signal
  /// The command of a `shell` stage ended with this status; `failed` means every one.
  case exitStatus(Int32)

  /// Every reason that another try may mend; what is not here (bad input, a refusal, a missing
  /// permission, a bug of this program) is never tried again.
  package static let all: [RetryReason] = [
    .failed, .timeout, .outOfMemory, .io, .lost, .signal,
  ]

  /// As written in a pipeline; nil when it means nothing.
  package init?(_ text: String) {
    if let named = Self.all.first(where: { $0.text == text }) {
      self = named
    } else if let status = Int32(text), (1...255).contains(status), String(status) == text {
      self = .exitStatus(status)
    } else {
      return nil
    }
  }

  package var text: String {
    switch self {
    case .failed: "failed"
    case .timeout: "timeout"
    case .outOfMemory: "out_of_memory"
    case .io: "io"
    case .lost: "lost"
    case .signal: "signal"
    case .exitStatus(let status): String(status)
    }
  }
}

extension RetryReason: Comparable, Codable {
  package static func < (a: RetryReason, b: RetryReason) -> Bool { a.text < b.text }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let reason = RetryReason(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no such reason"))
    }
    self = reason
  }

  package func encode(to encoder: any Encoder) throws {
    var box = encoder.singleValueContainer()
    try box.encode(text)
  }
}

extension RetryPolicy: Codable {
  private enum Key: String, CodingKey {
    case attempts, backoffSeconds, backoffMaxSeconds, jitter, on
  }

  /// What an older version recorded has the defaults of what it did not know.
  package init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    self.init(
      attempts: try box.decode(Int.self, forKey: .attempts),
      backoffSeconds: try box.decode(Double.self, forKey: .backoffSeconds),
      backoffMaxSeconds: try box.decodeIfPresent(Double.self, forKey: .backoffMaxSeconds)
        ?? Self.backoffMaxSecondsDefault,
      jitter: try box.decodeIfPresent(Jitter.self, forKey: .jitter) ?? .none,
      on: try box.decodeIfPresent([RetryReason].self, forKey: .on) ?? RetryReason.all)
  }

  package func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    try box.encode(attempts, forKey: .attempts)
    try box.encode(backoffSeconds, forKey: .backoffSeconds)
    if backoffMaxSeconds != Self.backoffMaxSecondsDefault {
      try box.encode(backoffMaxSeconds, forKey: .backoffMaxSeconds)
    }
    if jitter != .none { try box.encode(jitter, forKey: .jitter) }
    if on != RetryReason.all.sorted() { try box.encode(on, forKey: .on) }
  }
}
