package import Reproducibility

/// How often a failed request is sent again, and after how long.
package struct RetryRule: Sendable, Hashable {
  /// Beyond the first request.
  package var retriesMax: Int
  /// Before the first repetition; each later one waits twice as long.
  package var baseSeconds: Double
  package var secondsMax: Double

  package init(retriesMax: Int = 5, baseSeconds: Double = 1, secondsMax: Double = 60) {
    self.retriesMax = retriesMax
    self.baseSeconds = baseSeconds
    self.secondsMax = secondsMax
  }

  /// Seconds before repetition `number` (0 is the first): base · 2^number, at most the maximum,
  /// times a share from ½ to 1 that is drawn by the counter (request, number), so that requests
  /// that failed together come back apart.
  ///
  /// - Parameter retryAfter: what the endpoint asked for; never undercut.
  package func seconds(before number: Int, of request: Digest, retryAfter: Int?) -> Double {
    let grown = min(secondsMax, baseSeconds * Double(UInt64(1) << UInt64(min(number, 30))))
    let seed = UInt64(request.hex.prefix(16), radix: 16) ?? 0
    let share = 0.5 + CounterRandom(seed: seed, stream: "backoff").uniform(UInt64(number)) / 2
    return max(grown * share, Double(retryAfter ?? 0))
  }

  /// A longer wait than this, asked for by the endpoint, ends the request instead.
  static let retryAfterMax = 600

  /// Statuses that another try may change: the server was busy or broken.
  static func isTransient(_ status: Int) -> Bool {
    [408, 409, 425, 429].contains(status)
      || (500...599).contains(status) && status != 501
        && status != 505
  }
}
