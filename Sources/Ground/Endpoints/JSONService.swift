internal import Diagnostics
package import Documents
private import Glibc

/// A service that answers JSON to posted JSON. One thread uses it.
package final class JSONService {
  private let base: String
  private let name: String
  private let connection = HTTPConnection()
  private let limits: HTTPLimits

  /// - Parameters:
  ///   - address: `http://127.0.0.1:5000`.
  ///   - name: for messages.
  /// - Throws: ``Failure`` of class `badInput` for what is no http or https URL.
  package init(_ address: String, name: String) throws {
    base = try EndpointAddress(address).base
    self.name = name
    var limits = HTTPLimits()
    limits.connectMilliseconds = 3_000
    limits.totalMilliseconds = 30_000
    limits.answerBytesMax = 4 << 20
    self.limits = limits
  }

  package struct Answer: Sendable {
    package var status: Int
    /// Null when it is no JSON.
    package var json: JSONValue
  }

  /// Posts; tries three times where nobody answers or the service is overloaded.
  ///
  /// - Throws: ``Failure`` of class `io` when there is no answer.
  package func post(_ path: String, _ body: JSONValue) throws -> Answer {
    let request = HTTPRequest(
      url: base + path, headers: ["Content-Type: application/json"],
      body: Array(JSONWriter.compact(body).utf8), limits: limits)
    var silence = ""
    for pause in [0, 200_000, 1_000_000] as [UInt32] {
      usleep(pause)
      let end = connection.send(request, isStopped: { false })
      if let answer = Self.answer(end, name) { return answer }
      silence = Self.words(end)
    }
    throw Diagnostic(
      "service.silent", "\(name) at '\(SafeText.escaped(base, limit: 200))' \(silence)"
    ).failure(.io)
  }

  /// Nil when another try may help.
  private static func answer(_ end: HTTPEnd, _ name: String) -> Answer? {
    guard case .answered(let answer) = end else { return nil }
    if answer.status >= 500 || answer.status == 429 { return nil }
    // A proxy's page is no JSON: the status tells what went wrong.
    let json = try? JSONReader.parse(answer.body, file: "answer of \(name)")
    return Answer(status: answer.status, json: json ?? .null)
  }

  private static func words(_ end: HTTPEnd) -> String {
    switch end {
    case .answered(let answer): "answered with status \(answer.status)"
    case .libraryAbsent: "cannot be asked: libcurl is not installed"
    case .connectTimeout, .totalTimeout, .idleTimeout: "did not answer in time"
    case .untrusted: "shows a certificate that is not trusted"
    default: "cannot be reached"
    }
  }
}
