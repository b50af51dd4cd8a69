internal import Diagnostics
internal import Documents
private import Foundation
internal import Reproducibility

/// One request to its end: sent, sent again where that may help, read.
struct EndpointSender: Sendable {
  let problems: EndpointProblems
  private let settings: EndpointSettings
  private let key: EndpointKey?

  private static let redirectsMax = 3

  init(_ settings: EndpointSettings, key: EndpointKey?) {
    self.settings = settings
    self.key = key
    problems = EndpointProblems(url: settings.url, key: key, limits: settings.limits)
  }

  /// - Parameter willRetry: called before each repetition.
  /// - Throws: ``Failure``, or `CancellationError` after a stop.
  func answer(
    to request: ChatRequest, _ body: JSONValue, _ digest: Digest,
    over connection: HTTPConnection, isStopped: @escaping @Sendable () -> Bool,
    willRetry: () -> Void
  ) throws -> ChatAnswer {
    let bytes = Array(JSONWriter.compact(body).utf8)
    var attempts = 0
    while true {
      let end = try send(bytes, over: connection, isStopped)
      attempts += 1
      var retryAfter: Int?
      let problem: Failure
      switch end {
      case .answered(let answer) where (200...299).contains(answer.status):
        return try read(answer, request)
      case .answered(let answer):
        if settings.acceptsRefusals, [400, 413, 422].contains(answer.status) {
          return .refusedByStatus
        }
        problem = problems.status(answer, attempts: attempts)
        guard RetryRule.isTransient(answer.status), !EndpointProblems.isOutOfQuota(answer) else {
          throw problem
        }
        retryAfter = answer.retryAfterSeconds
        if let retryAfter, retryAfter > RetryRule.retryAfterMax {
          throw problems.retryAfter(retryAfter)
        }
      case .stopped: throw CancellationError()
      case .libraryAbsent, .tooLarge, .notHTTP, .untrusted:
        throw problems.transport(end, attempts: attempts)
      case .unreachable, .connectTimeout, .totalTimeout, .idleTimeout, .cutOff, .other:
        problem = problems.transport(end, attempts: attempts)
      }
      if attempts > settings.retries.retriesMax { throw problem }
      try wait(
        settings.retries.seconds(before: attempts - 1, of: digest, retryAfter: retryAfter),
        isStopped)
      willRetry()
    }
  }

  /// Follows redirects that keep method and body, to the same origin alone.
  private func send(
    _ body: [UInt8], over connection: HTTPConnection, _ isStopped: @escaping @Sendable () -> Bool
  ) throws -> HTTPEnd {
    var url = settings.url
    for _ in 0...Self.redirectsMax {
      if isStopped() { throw CancellationError() }
      let end = connection.send(
        HTTPRequest(url: url, headers: headers, body: body, limits: settings.limits),
        isStopped: isStopped)
      guard case .answered(let answer) = end, (300...399).contains(answer.status) else {
        return end
      }
      guard [307, 308].contains(answer.status), let target = answer.redirect,
        let place = try? EndpointAddress(target), place.origin == settings.address.origin
      else { throw problems.redirect(answer) }
      url = target
    }
    throw problems.unreadable("it redirects without end")
  }

  private var headers: [String] {
    // An empty Expect keeps libcurl from waiting for a 100 before a long body.
    [
      "Content-Type: application/json", "Accept: application/json", "Expect:",
      "User-Agent: orchestrate",
    ] + (key.map { [$0.headerLine] } ?? [])
  }

  private func read(_ answer: HTTPAnswer, _ request: ChatRequest) throws -> ChatAnswer {
    if let type = answer.contentType, !type.lowercased().contains("json") {
      throw problems.contentType(answer)
    }
    let json: JSONValue
    do {
      json = try JSONReader.parse(answer.body, file: "answer")
    } catch let failure as Failure {
      let found = failure.diagnostics.first
      let place = found?.span.map { " (line \($0.line), column \($0.column))" } ?? ""
      throw problems.unreadable("it is no JSON: \(found?.message ?? "")\(place)")
    }
    if let message = json["error"]?["message"]?.stringValue ?? json["error"]?.stringValue {
      throw problems.unreadable("it is an error with status 200: '\(message)'")
    }
    do {
      var read = try ChatAnswer(json, to: request)
      // An endpoint that sends the key back must not bring it into rows.
      if let key { read.text = key.redact(read.text) }
      return read
    } catch {
      throw problems.unreadable(error.what)
    }
  }

  private func wait(_ seconds: Double, _ isStopped: () -> Bool) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while true {
      if isStopped() { throw CancellationError() }
      let left = end.timeIntervalSinceNow
      if left <= 0 { return }
      Thread.sleep(forTimeInterval: min(left, 0.05))
    }
  }
}
