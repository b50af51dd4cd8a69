internal import Diagnostics
internal import Documents

/// What a user reads when an endpoint does not do what it should. Every text from outside is
/// redacted, then escaped, then cut.
struct EndpointProblems: Sendable {
  let url: String
  let key: EndpointKey?
  let limits: HTTPLimits

  private static let excerptMax = 200

  func safe(_ text: String, limit: Int = excerptMax) -> String {
    SafeText.escaped(key?.redact(text) ?? text, limit: limit)
  }

  private func failure(
    _ code: String, _ what: String, fix: String?, _ end: FailureClass = .stageFailed
  ) -> Failure {
    Diagnostic("endpoint.\(code)", "endpoint '\(safe(url, limit: 300))' \(what)", fix: fix)
      .failure(end)
  }

  /// - Parameter attempts: requests sent, the first one included.
  func transport(_ end: HTTPEnd, attempts: Int) -> Failure {
    let times = Self.times(attempts)
    let later = "check the address and the network, then type 'orchestrate resume'"
    switch end {
    case .libraryAbsent:
      return failure(
        "no-libcurl", "cannot be asked: libcurl is not installed",
        fix: "install it (Debian, Ubuntu: apt-get install libcurl4; Fedora: dnf install libcurl)",
        .badInput)
    case .unreachable(let problem):
      return failure("unreachable", "cannot be reached\(colon(problem))\(times)", fix: later)
    case .connectTimeout:
      return failure(
        "connect-timeout",
        "did not take the connection in \(Self.seconds(limits.connectMilliseconds))\(times)",
        fix: later)
    case .totalTimeout:
      return failure(
        "timeout",
        "did not answer in full within \(Self.seconds(limits.totalMilliseconds))\(times)",
        fix: "raise 'timeout', lower 'max_new_tokens', or use a faster model")
    case .idleTimeout:
      return failure(
        "idle-timeout",
        "sent nothing for \(Self.seconds(limits.idleMilliseconds))\(times)",
        fix: "raise 'idle_timeout', or check whether the endpoint is stuck")
    case .cutOff(let problem):
      return failure(
        "cut-off", "ended the connection before its answer\(colon(problem))\(times)",
        fix: "type 'orchestrate resume'; where it comes back, see the endpoint's own log")
    case .tooLarge:
      return failure(
        "too-large",
        "sent an answer of more than \(limits.answerBytesMax) bytes",
        fix: "lower 'max_new_tokens', or raise 'max_answer_bytes'", .badInput)
    case .notHTTP(let problem):
      return failure(
        "not-http", "does not speak HTTP as expected\(colon(problem))",
        fix: "check the address and the port", .badInput)
    case .untrusted(let problem):
      return failure(
        "untrusted", "is not trusted\(colon(problem))",
        fix: "check the address; for a certificate of your own set SSL_CERT_FILE to its file",
        .badInput)
    case .other(let problem):
      return failure("failed", "could not be asked\(colon(problem))\(times)", fix: later)
    case .stopped, .answered: preconditionFailure("no problem of the transport")
    }
  }

  func status(_ answer: HTTPAnswer, attempts: Int) -> Failure {
    let said = Self.message(of: answer).map { ": '\(safe($0))'" } ?? ""
    let what = "answered \(answer.status)\(said)\(Self.times(attempts))"
    switch answer.status {
    case 401, 403:
      return failure(
        "unauthorized", what,
        fix: key.map { "check the key in the environment variable '\($0.variable)'" }
          ?? "name the environment variable that holds a key with 'api_key_env'", .permission)
    case 404:
      return failure("status", what, fix: "check the address and the name of the model", .badInput)
    case 429:
      return failure(
        "rate-limit", what,
        fix: "lower 'concurrency', wait, then type 'orchestrate resume'; answers so far are kept")
    case 500...599:
      return failure("status", what, fix: "wait, then type 'orchestrate resume'")
    default:
      return failure("status", what, fix: "see what the endpoint says of the request", .badInput)
    }
  }

  func redirect(_ answer: HTTPAnswer) -> Failure {
    guard let target = answer.redirect else {
      return failure(
        "redirect", "answered \(answer.status), a redirect that says not where to", fix: nil,
        .badInput)
    }
    return failure(
      "redirect",
      "answered \(answer.status), a redirect to '\(safe(target))', which was not followed",
      fix: "where that is the right place, give it as 'endpoint'", .badInput)
  }

  func contentType(_ answer: HTTPAnswer) -> Failure {
    failure(
      "content-type",
      "answered \(answer.status) with '\(safe(answer.contentType ?? "", limit: 60))', expected "
        + "JSON", fix: "check the address: it should end before '/chat/completions'", .badInput)
  }

  func unreadable(_ what: String) -> Failure {
    failure(
      "unreadable", "sent an answer that cannot be read: \(safe(what))",
      fix: "check that it is an OpenAI-compatible endpoint", .badInput)
  }

  func retryAfter(_ seconds: Int) -> Failure {
    failure(
      "retry-after", "asks to come back in \(seconds) s",
      fix: "type 'orchestrate resume' then; answers so far are kept")
  }

  func overCost(_ limits: CostLimits, spent: Double, next: Double, answered: Int) -> Failure {
    failure(
      "budget",
      "would cost more than 'max_cost' \(Self.money(limits.costMax ?? 0)): \(answered) answers cost "
        + "\(Self.money(spent)), and the next may cost \(Self.money(next))",
      fix: "raise 'max_cost'; the answers so far are kept and not paid for again")
  }

  func overRequests(_ limits: CostLimits) -> Failure {
    failure(
      "budget", "has given the \(limits.requestsMax ?? 0) answers that 'max_requests' allows",
      fix: "raise 'max_requests'; the answers so far are kept and not paid for again")
  }

  // MARK: - Texts

  /// The endpoint's own words: `error.message`, `message`, `detail`, or the body where it is short
  /// text.
  static func message(of answer: HTTPAnswer) -> String? {
    if let json = try? JSONReader.parse(answer.body, file: "answer") {
      return json["error"]?["message"]?.stringValue ?? json["error"]?.stringValue
        ?? json["message"]?.stringValue ?? json["detail"]?.stringValue
    }
    let text = String(decoding: answer.body.prefix(4096), as: UTF8.self)
    return text.allSatisfy(\.isWhitespace) || text.contains("<") ? nil : text
  }

  /// An account without money answers 429, which no retry changes.
  static func isOutOfQuota(_ answer: HTTPAnswer) -> Bool {
    guard let error = (try? JSONReader.parse(answer.body, file: "answer"))?["error"] else {
      return false
    }
    return [error["code"], error["type"]].contains { $0?.stringValue == "insufficient_quota" }
  }

  private func colon(_ problem: String) -> String { problem.isEmpty ? "" : " (\(safe(problem)))" }

  private static func times(_ attempts: Int) -> String {
    attempts == 1 ? "" : ", \(attempts) times"
  }

  private static func seconds(_ milliseconds: Int) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }

  /// Four decimals without zeros at their end.
  static func money(_ value: Double) -> String {
    let units = (value * 10_000).rounded()
    guard units < 1e15 else { return "\(value)" }
    let (whole, part) = Int(units).quotientAndRemainder(dividingBy: 10_000)
    if part == 0 { return "\(whole)" }
    var digits = String(10_000 + part).dropFirst()
    while digits.hasSuffix("0") { digits = digits.dropLast() }
    return "\(whole).\(digits)"
  }
}
