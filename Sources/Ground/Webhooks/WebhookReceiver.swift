private import Documents
internal import Reproducibility

/// Decides about deliveries of GitHub and GitLab: authentic, new, about a ref that is watched, and
/// room in the queue; nothing is parsed before the first two are known.
package final class WebhookReceiver {
  package struct Settings: Sendable {
    /// GitHub's secret; nil: its deliveries are not taken.
    package var githubSecret: [UInt8]?
    /// GitLab's token; nil: its deliveries are not taken.
    package var gitlabToken: [UInt8]?
    /// Patterns of refs with `*`: `refs/heads/main`.
    package var refs: [String]
    /// Pushes that may wait.
    package var queueMax: Int

    package init(
      githubSecret: [UInt8]?, gitlabToken: [UInt8]?, refs: [String], queueMax: Int = 16
    ) {
      self.githubSecret = githubSecret
      self.gitlabToken = gitlabToken
      self.refs = refs
      self.queueMax = queueMax
    }
  }

  private let settings: Settings
  private let log: DeliveryLog
  /// Pushes that wait, oldest first; at most one for each ref.
  package private(set) var queue: [PushEvent]
  /// How many deliveries were refused, by reason.
  package private(set) var refusals: [String: Int] = [:]

  package init(_ settings: Settings, _ log: DeliveryLog) {
    self.settings = settings
    self.log = log
    queue = log.unfinished
  }

  /// The next push to work on; ``finish(_:)`` tells that it is done.
  package func next() -> PushEvent? { queue.isEmpty ? nil : queue.removeFirst() }

  package func finish(_ event: PushEvent) throws { try log.finish(event.id) }

  // MARK: - Deliveries

  /// - Parameter now: seconds since 1970.
  /// - Returns: the answer, and the push that was queued, if one was.
  package func receive(_ request: HTTPRequest, now: Double) -> (HTTPAnswer, PushEvent?) {
    switch request.path {
    case "/health":
      return (
        request.method == "GET" ? HTTPAnswer(200, "ok") : HTTPAnswer(405, "GET only"), nil
      )
    case "/github", "/gitlab": break
    default: return (HTTPAnswer(404, "expected /github or /gitlab"), nil)
    }
    guard request.method == "POST" else { return (HTTPAnswer(405, "POST only"), nil) }
    let isGitHub = request.path == "/github"
    guard isGitHub ? isFromGitHub(request) : isFromGitLab(request) else {
      refusals["forged", default: 0] += 1
      return (HTTPAnswer(401, "the delivery is not signed with the secret"), nil)
    }
    let kind = request.header(isGitHub ? "x-github-event" : "x-gitlab-event") ?? ""
    if isGitHub, kind == "ping" { return (HTTPAnswer(200, "pong"), nil) }
    let names = isGitHub ? ["x-github-delivery"] : ["x-gitlab-event-uuid", "idempotency-key"]
    guard let id = names.lazy.compactMap(request.header).first, Self.isID(id) else {
      return (HTTPAnswer(400, "the delivery has no id"), nil)
    }
    let body = Digest(of: request.body)
    if log.holds(id: id, body: body) {
      refusals["replayed", default: 0] += 1
      return (HTTPAnswer(200, "received before; nothing starts"), nil)
    }
    guard kind == (isGitHub ? "push" : "Push Hook") else {
      return (HTTPAnswer(200, "not a push; nothing starts"), nil)
    }
    guard request.header("content-type")?.lowercased().hasPrefix("application/json") == true else {
      return (HTTPAnswer(415, "set the webhook's content type to application/json"), nil)
    }
    guard let json = try? JSONReader.parse(request.body, file: "delivery") else {
      return (HTTPAnswer(400, "the body is not JSON"), nil)
    }
    return take(PushEvent(id: id, body: json), id, body, now)
  }

  private func take(_ event: PushEvent?, _ id: String, _ body: Digest, _ now: Double)
    -> (HTTPAnswer, PushEvent?)
  {
    let watched = event.flatMap { event in
      settings.refs.contains { Self.matches(event.ref, $0) } ? event : nil
    }
    let waiting = watched.flatMap { event in queue.firstIndex { $0.ref == event.ref } }
    if watched != nil, waiting == nil, queue.count >= settings.queueMax {
      refusals["full", default: 0] += 1
      return (HTTPAnswer(503, "\(queue.count) pushes wait already", retryAfter: 60), nil)
    }
    do {
      try log.add(id: id, body: body, event: watched, now: now)
      guard let watched else { return (HTTPAnswer(200, "not a ref that is watched"), nil) }
      if let waiting {
        // The newer commit of a ref holds what the older one did.
        let older = queue[waiting]
        queue[waiting] = watched
        try log.finish(older.id)
      } else {
        queue.append(watched)
      }
    } catch {
      // What could not be remembered must not start anything: it could come again.
      return (HTTPAnswer(503, "the delivery cannot be remembered", retryAfter: 60), nil)
    }
    return (HTTPAnswer(202, "queued"), watched)
  }

  // MARK: - Authenticity

  private func isFromGitHub(_ request: HTTPRequest) -> Bool {
    guard let secret = settings.githubSecret, let header = request.header("x-hub-signature-256"),
      header.hasPrefix("sha256=")
    else { return false }
    return KeyedDigest.isValid(header.dropFirst(7), of: request.body, key: secret)
  }

  private func isFromGitLab(_ request: HTTPRequest) -> Bool {
    guard let token = settings.gitlabToken, let header = request.header("x-gitlab-token") else {
      return false
    }
    return KeyedDigest.areEqual(Array(header.utf8), token)
  }

  /// GUIDs and what else names a delivery.
  private static func isID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D }
  }

  /// `*` stands for any run of characters, `/` included.
  package static func matches(_ ref: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    if parts.count == 1 { return ref == pattern }
    guard ref.hasPrefix(parts[0]), ref.utf8.count >= pattern.utf8.count - (parts.count - 1) else {
      return false
    }
    var rest = Substring(ref).dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
