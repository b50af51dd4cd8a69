package import Documents
private import Foundation
private import Glibc
private import Synchronization

/// A small HTTP server on this machine that answers as a test wants, well or badly.
///
/// ```swift
/// let endpoint = try FakeEndpoint { request, number in FakeEndpoint.chat("yes") }
/// ```
package final class FakeEndpoint: Sendable {
  package struct Request: Sendable {
    package var method: String
    package var path: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    package var json: JSONValue { (try? JSONReader.parse(body, file: "request")) ?? .null }
    /// The content of the last message.
    package var question: String {
      json["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
    }
  }

  /// What the server does one after the other; it closes the connection at the end.
  package enum Step: Sendable {
    case bytes([UInt8])
    case pause(Double)
    /// Ends the connection as a crashed peer does.
    case reset
  }

  package let port: Int
  private let socket: Int32
  private let state = Mutex(State())
  private let answer: @Sendable (Request, Int) -> [Step]

  private struct State {
    var requests: [Request] = []
    var open = 0
    var openMost = 0
    var isStopped = false
  }

  /// - Parameter answer: given a request and how many came before it.
  package init(_ answer: @escaping @Sendable (Request, Int) -> [Step]) throws {
    self.answer = answer
    let listener = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard listener >= 0, bound else { throw CocoaError(.fileReadUnknown) }
    socket = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread { [self] in self.accept() }.start()
  }

  package var url: String { "http://127.0.0.1:\(port)/v1" }
  package var requests: [Request] { state.withLock { $0.requests } }
  /// Requests that were on their way at once, at most.
  package var openMost: Int { state.withLock { $0.openMost } }

  /// Ends the server; pauses end early.
  package func stop() {
    state.withLock { $0.isStopped = true }
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  // MARK: - Answers

  /// A whole answer of `/chat/completions`.
  package static func chat(_ text: String, input: Int = 10, output: Int = 2) -> [Step] {
    json(chatBody(text, input: input, output: output))
  }

  package static func chatBody(_ text: String, input: Int = 10, output: Int = 2) -> JSONValue {
    [
      "id": "a", "object": "chat.completion",
      "choices": [
        [
          "index": 0, "message": ["role": "assistant", "content": .string(text)],
          "finish_reason": "stop",
        ]
      ],
      "usage": [
        "prompt_tokens": .integer(Int64(input)), "completion_tokens": .integer(Int64(output)),
      ],
    ]
  }

  package static func json(_ json: JSONValue, status: Int = 200, headers: [String] = []) -> [Step] {
    http(status, ["Content-Type: application/json"] + headers, Array(JSONWriter.compact(json).utf8))
  }

  /// A well-formed answer with its length.
  package static func http(_ status: Int, _ headers: [String], _ body: [UInt8]) -> [Step] {
    let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.count)", "Connection: close"]
    return [.bytes(Array((lines + headers).map { $0 + "\r\n" }.joined().utf8) + [13, 10] + body)]
  }

  package static func text(_ text: String) -> Step { .bytes(Array(text.utf8)) }

  // MARK: - The server

  private func accept() {
    while true {
      let connection = Glibc.accept(socket, nil, nil)
      if connection < 0 { return }
      Thread { [self] in
        self.serve(connection)
        close(connection)
      }.start()
    }
  }

  private func serve(_ connection: Int32) {
    guard let request = Self.read(connection) else { return }
    let number = state.withLock { state in
      state.requests.append(request)
      state.open += 1
      state.openMost = max(state.openMost, state.open)
      return state.requests.count - 1
    }
    defer { state.withLock { $0.open -= 1 } }
    for step in answer(request, number) {
      switch step {
      case .bytes(let bytes): if !Self.send(bytes, connection) { return }
      case .pause(let seconds): pause(seconds)
      case .reset:
        var none = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
          connection, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout.size(ofValue: none)))
        return
      }
    }
    shutdown(connection, Int32(SHUT_WR))
  }

  private func pause(_ seconds: Double) {
    let end = Date(timeIntervalSinceNow: seconds)
    while end.timeIntervalSinceNow > 0, !state.withLock({ $0.isStopped }) {
      usleep(10_000)
    }
  }

  private static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      done += count
    }
    return true
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var head: (end: Int, request: Request, length: Int)?
    while true {
      if head == nil, let end = headEnd(bytes) { head = parse(bytes, end) }
      if let head, bytes.count >= head.end + head.length {
        var request = head.request
        request.body = Array(bytes[head.end..<head.end + head.length])
        return request
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return nil }
      bytes += buffer.prefix(count)
    }
  }

  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (0...(bytes.count - 4)).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
      .map { $0 + 4 }
  }

  private static func parse(_ bytes: [UInt8], _ end: Int) -> (Int, Request, Int) {
    let lines = String(decoding: bytes[..<(end - 4)], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    let request = Request(
      method: words.first ?? "", path: words.count > 1 ? words[1] : "", headers: headers, body: [])
    return (end, request, Int(headers["content-length"] ?? "0") ?? 0)
  }
}
