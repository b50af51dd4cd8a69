import Documents
import Endpoints
import Foundation
import TestSupport
import Testing

/// Endpoints that fail, hang and lie: the right message for each, in time, and the key in none.
@Suite(.serialized)
struct HostileEndpointTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var expected: String
    var steps: [FakeEndpoint.Step]
    var testDescription: String { name }
  }

  static let head = "HTTP/1.1 200 X\r\nContent-Type: application/json\r\n"
  static let body = JSONWriter.compact(FakeEndpoint.chatBody("fine"))

  static func chunked(_ pieces: [String]) -> [FakeEndpoint.Step] {
    [FakeEndpoint.text(head + "Transfer-Encoding: chunked\r\n\r\n")]
      + pieces.map { FakeEndpoint.text("\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n") }
      + [FakeEndpoint.text("0\r\n\r\n")]
  }

  static let cases: [Case] = [
    Case(
      name: "chunks", expected: "fine",
      steps: chunked([String(body.prefix(9)), String(body.dropFirst(9))])),
    Case(
      name: "a chunk of a length that is none", expected: "endpoint.",
      steps: [FakeEndpoint.text(head + "Transfer-Encoding: chunked\r\n\r\nzzz\r\n{}\r\n")]),
    Case(
      name: "a chunked answer that is cut off", expected: "endpoint.cut-off",
      steps: [FakeEndpoint.text(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"cho\r\n")]),
    Case(
      name: "a longer Content-Length than the body", expected: "endpoint.cut-off",
      steps: [FakeEndpoint.text(head + "Content-Length: 100000\r\n\r\n" + body)]),
    Case(
      name: "a shorter Content-Length than the body", expected: "endpoint.unreadable",
      steps: [FakeEndpoint.text(head + "Content-Length: 20\r\nConnection: close\r\n\r\n" + body)]),
    Case(
      name: "a negative Content-Length", expected: "endpoint.",
      steps: [FakeEndpoint.text(head + "Content-Length: -5\r\n\r\n" + body)]),
    Case(
      name: "a Content-Length beyond the limit", expected: "endpoint.",
      steps: [FakeEndpoint.text(head + "Content-Length: 99999999999999\r\n\r\n" + body)]),
    Case(
      name: "no length, until the end", expected: "fine",
      steps: [FakeEndpoint.text(head + "\r\n" + body)]),
    Case(
      name: "JSON that is none", expected: "endpoint.unreadable: .* it is no JSON",
      steps: FakeEndpoint.http(200, ["Content-Type: application/json"], Array("{\"a\": nope".utf8))),
    Case(
      name: "an empty body", expected: "endpoint.unreadable",
      steps: FakeEndpoint.http(200, ["Content-Type: application/json"], [])),
    Case(
      name: "JSON without choices", expected: "endpoint.unreadable: .*without a 'choices'",
      steps: FakeEndpoint.json(["object": "list"])),
    Case(
      name: "an empty list of choices", expected: "endpoint.unreadable: .*without a 'choices'",
      steps: FakeEndpoint.json(["choices": []])),
    Case(
      name: "a choice without content",
      expected: "endpoint.unreadable: .*neither 'message.content' nor 'text'",
      steps: FakeEndpoint.json(["choices": [["message": ["content": 5]]]])),
    Case(
      name: "JSON of 5,000 lists in lists", expected: "endpoint.unreadable",
      steps: FakeEndpoint.http(
        200, ["Content-Type: application/json"], [UInt8](repeating: 91, count: 5000))),
    Case(
      name: "bytes that are no UTF-8", expected: "endpoint.unreadable",
      steps: FakeEndpoint.http(200, ["Content-Type: application/json"], [34, 255, 254, 34])),
    Case(
      name: "a page", expected: "endpoint.content-type: .* 'text/html', expected JSON",
      steps: FakeEndpoint.http(200, ["Content-Type: text/html"], Array("<html>".utf8))),
    Case(
      name: "an error with status 200", expected: "endpoint.unreadable: .*'overloaded'",
      steps: FakeEndpoint.json(["error": ["message": "overloaded"]])),
    Case(
      name: "a page with status 502", expected: "endpoint.status: .* answered 502, 2 times",
      steps: FakeEndpoint.http(502, ["Content-Type: text/html"], Array("<html>".utf8))),
    Case(
      name: "no HTTP", expected: "endpoint.(not-http|cut-off)",
      steps: [FakeEndpoint.text("SSH-2.0-OpenSSH_9.2\r\n")]),
    Case(name: "nothing", expected: "endpoint.cut-off", steps: []),
    Case(name: "a reset", expected: "endpoint.cut-off", steps: [.reset]),
    Case(
      name: "an end in the headers", expected: "endpoint.",
      steps: [FakeEndpoint.text("HTTP/1.1 200 X\r\nContent-Ty")]),
    Case(
      name: "a million headers", expected: "endpoint.",
      steps: [
        FakeEndpoint.text(
          "HTTP/1.1 200 X\r\n"
            + String(repeating: "X-A: yyyyyyyyyyyyyyyyyyyy\r\n", count: 1_000_000))
      ]),
    Case(
      name: "a body that is said to be packed and is not", expected: "endpoint.not-http",
      steps: FakeEndpoint.http(
        200, ["Content-Type: application/json", "Content-Encoding: gzip"], Array(body.utf8))),
    Case(
      name: "a redirect to another host",
      expected: "endpoint.redirect: .* 'http://127.0.0.2:9/steal', which was not followed",
      steps: FakeEndpoint.http(307, ["Location: http://127.0.0.2:9/steal"], [])),
    Case(
      name: "a redirect to another port", expected: "endpoint.redirect",
      steps: FakeEndpoint.http(308, ["Location: http://127.0.0.1:9/v1"], [])),
    Case(
      name: "a redirect to a file", expected: "endpoint.redirect",
      steps: FakeEndpoint.http(302, ["Location: file:///etc/passwd"], [])),
    Case(
      name: "a redirect to itself without end", expected: "endpoint.unreadable: .*without end",
      steps: FakeEndpoint.http(307, ["Location: /v1/again"], [])),
    Case(
      name: "a wait of a day", expected: "endpoint.retry-after: .* in 86400 s",
      steps: FakeEndpoint.json([:], status: 503, headers: ["Retry-After: 86400"])),
    Case(
      name: "use that is no number", expected: "fine",
      steps: FakeEndpoint.json(
        [
          "choices": [["message": ["content": "fine"]]],
          "usage": ["prompt_tokens": -4, "completion_tokens": 1e300],
        ])),
    Case(
      name: "the key in an error", expected: "endpoint.status: .*'wrong key \\[redacted\\]'",
      steps: FakeEndpoint.json(
        ["error": ["message": .string("wrong key \(Asking.key)")]], status: 400)),
    Case(
      name: "the key in a redirect", expected: "endpoint.redirect: .*\\[redacted\\]",
      steps: FakeEndpoint.http(302, ["Location: http://127.0.0.2/?k=\(Asking.key)"], [])),
    Case(
      name: "the key in a content type", expected: "endpoint.content-type: .*\\[redacted\\]",
      steps: FakeEndpoint.http(200, ["Content-Type: \(Asking.key)"], [])),
    Case(
      name: "the key in the answer", expected: "^you sent \\[redacted\\]$",
      steps: FakeEndpoint.chat("you sent \(Asking.key)")),
  ]

  @Test("each lie has its message, within the limits of time", arguments: cases)
  func lie(_ one: Case) throws {
    let server = try FakeEndpoint { _, _ in one.steps }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    var settings = try Asking.settings(server.url, retries: 1, total: 5000)
    if one.name == "use that is no number" { settings.retries.retriesMax = 0 }
    let client = try Asking.client(settings, cache: AnswerCache(folder: folder.path))
    var text = ""
    let started = Date()
    let message = Asking.message {
      text = try client.answers(to: [Asking.question("q")])[0].text
    }
    #expect(Date().timeIntervalSince(started) < 12)
    let found = message == "no error" ? text : message
    #expect(found.range(of: one.expected, options: .regularExpression) != nil, "\(found)")
    #expect(!found.contains(Asking.key))
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let bytes = (try? folder.read(file)) ?? []
      #expect(!String(decoding: bytes, as: UTF8.self).contains(Asking.key))
    }
  }

  @Test("an answer that hangs ends by the limit of idle time, one that drips by that of all time")
  func hangs() throws {
    let server = try FakeEndpoint { request, _ in
      if request.question == "hang" { return [.pause(30)] }
      return [FakeEndpoint.text(Self.head + "\r\n")]
        + Array(Self.body.utf8).flatMap { [.bytes([$0]), .pause(1)] }
    }
    defer { server.stop() }
    for (question, code, what) in [
      ("hang", "endpoint.idle-timeout", "sent nothing for 1 s"),
      ("drip", "endpoint.timeout", "did not answer in full within 3500 ms"),
    ] {
      let client = try Asking.client(
        Asking.settings(server.url, total: 3500, idle: question == "hang" ? 1000 : 3000))
      let started = Date()
      let message = Asking.message { _ = try client.answers(to: [Asking.question(question)]) }
      #expect(
        message.hasPrefix("\(code): endpoint '\(server.url)/chat/completions' \(what)"),
        "\(message)")
      #expect(Date().timeIntervalSince(started) < 6)
    }
  }

  @Test("an answer of 10 MB is read, packed or not; a longer one is refused, however it is packed")
  func large() throws {
    let text = String(repeating: "0123456789", count: 1 << 20)
    let server = try FakeEndpoint { request, _ in
      switch request.question {
      case "plain": return FakeEndpoint.chat(text)
      case "too much": return FakeEndpoint.chat(text + text)
      default:
        let packed = Self.gzip(
          JSONWriter.compact(
            FakeEndpoint.chatBody(request.question == "packed" ? text : text + text)))
        return FakeEndpoint.http(
          200, ["Content-Type: application/json", "Content-Encoding: gzip"], packed)
      }
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url))
    for question in ["plain", "packed"] {
      #expect(try client.answers(to: [Asking.question(question)])[0].text == text)
    }
    for question in ["too much", "bomb"] {
      #expect(
        Asking.message { _ = try client.answers(to: [Asking.question(question)]) }
          == "endpoint.too-large: endpoint '\(server.url)/chat/completions' sent an answer of more "
          + "than 12582912 bytes | lower 'max_new_tokens', or raise 'max_answer_bytes'")
    }
  }

  /// By the program of that name, which is on every Linux.
  static func gzip(_ text: String) -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let file = NSTemporaryDirectory() + UUID().uuidString
    try? Data(text.utf8).write(to: URL(fileURLWithPath: file))
    process.arguments = ["-c", "gzip -1 -c '\(file)' > '\(file).gz'"]
    try? process.run()
    process.waitUntilExit()
    defer { for end in ["", ".gz"] { try? FileManager.default.removeItem(atPath: file + end) } }
    return Array((try? Data(contentsOf: URL(fileURLWithPath: file + ".gz"))) ?? Data())
  }

  @Test("nobody listening is told as that")
  func unreachable() throws {
    let server = try FakeEndpoint { _, _ in [] }
    server.stop()
    let client = try Asking.client(Asking.settings(server.url, retries: 1))
    let message = Asking.message { _ = try client.answers(to: [Asking.question("q")]) }
    #expect(
      message.hasPrefix(
        "endpoint.unreachable: endpoint '\(server.url)/chat/completions' cannot be reached"))
    #expect(message.contains(", 2 times"))
  }

  @Test("a redirect to the same host and port is followed with the body")
  func redirect() throws {
    let server = try FakeEndpoint { request, _ in
      request.path.hasPrefix("/v1")
        ? FakeEndpoint.http(307, ["Location: /v2/chat"], []) : FakeEndpoint.chat("moved")
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url))
    #expect(try client.answers(to: [Asking.question("q")])[0].text == "moved")
    #expect(server.requests.map(\.path) == ["/v1/chat/completions", "/v2/chat"])
    #expect(server.requests[0].body == server.requests[1].body)
  }
}
