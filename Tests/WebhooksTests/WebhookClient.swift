import Foundation
import Glibc
import Reproducibility
import Synchronization
import Webhooks

/// A receiver behind a server on a thread of its own, and a client that sends it bytes.
final class WebhookBench: Sendable {
  static let secret = Array("a secret of GitHub's hook".utf8)
  static let token = "a token of GitLab's hook"

  let port: UInt16
  private let state: Mutex<State>

  private struct State {
    var isOver = false
    var started: [PushEvent] = []
    var refusals: [String: Int] = [:]
    /// Whether queued pushes are taken at once.
    var takes: Bool
  }

  init(
    folder: String, queueMax: Int = 4, takes: Bool = true, limits: HTTPLimits = HTTPLimits()
  ) throws {
    let log = try DeliveryLog(path: folder + "/deliveries.ndjson", now: 1_000_000)
    let receiver = WebhookReceiver(
      WebhookReceiver.Settings(
        githubSecret: Self.secret, gitlabToken: Array(Self.token.utf8),
        refs: ["refs/heads/main", "refs/heads/release/*"], queueMax: queueMax), log)
    let server = try HTTPServer(
      address: "127.0.0.1", port: 0, hosts: ["hooks.example.org"], limits: limits)
    port = server.port
    state = Mutex(State(takes: takes))
    // Both are used on that thread alone.
    nonisolated(unsafe) let own = (server, receiver)
    Thread.detachNewThread { [self] in
      while !self.state.withLock({ $0.isOver }) {
        own.0.turn(milliseconds: 5) { own.1.receive($0, now: 1_000_000).0 }
        let takes = self.state.withLock { $0.takes }
        while takes, let event = own.1.next() {
          try? own.1.finish(event)
          self.state.withLock { $0.started.append(event) }
        }
        let refusals = own.1.refusals
        self.state.withLock { $0.refusals = refusals }
      }
    }
  }

  func stop() { state.withLock { $0.isOver = true } }
  var started: [PushEvent] { state.withLock { $0.started } }
  var refusals: [String: Int] { state.withLock { $0.refusals } }

  /// Waits until the server's thread has told so many refusals.
  func wait(forRefusals count: Int, of reason: String) {
    for _ in 0..<2000 where refusals[reason, default: 0] < count { usleep(2000) }
  }

  /// Waits until so many pushes have started.
  func wait(for count: Int) {
    for _ in 0..<2000 where started.count < count { usleep(2000) }
  }

  // MARK: - The client

  /// Sends bytes, and what the server says until it closes.
  func send(_ bytes: [UInt8], pauseAfter pieces: Int? = nil) -> String {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(client) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    inet_pton(AF_INET, "127.0.0.1", &place.sin_addr)
    let connected = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return "" }
    var done = 0
    while done < bytes.count {
      let size = min(bytes.count - done, pieces ?? bytes.count)
      let count = bytes.withUnsafeBytes {
        Glibc.send(client, $0.baseAddress?.advanced(by: done), size, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      done += count
      if pieces != nil { usleep(2000) }
    }
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(client, &piece, piece.count, 0)
      if count <= 0 { break }
      answer += piece[0..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  /// The status of an answer; 0 when there is none.
  static func status(_ answer: String) -> Int {
    Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0
  }

  static func request(
    _ path: String, _ headers: [(String, String)], _ body: [UInt8], host: String = "localhost",
    method: String = "POST"
  ) -> [UInt8] {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)", "Content-Length: \(body.count)"]
    lines += headers.map { "\($0.0): \($0.1)" }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  static func push(_ number: Int, ref: String = "refs/heads/main") -> [UInt8] {
    let commit = String(repeating: "0", count: 32) + String(format: "%08x", number + 1)
    return Array(
      #"{"ref":"\#(ref)","after":"\#(commit)","deleted":false,"repository":{"full_name":"o/r"}}"#
        .utf8)
  }

  /// A delivery of GitHub.
  func github(
    _ body: [UInt8], id: String, event: String = "push", signature: String? = nil,
    type: String = "application/json"
  ) -> Int {
    let code = signature ?? "sha256=" + KeyedDigest.hmac(body, key: Self.secret).hex
    return Self.status(
      send(
        Self.request(
          "/github",
          [
            ("X-GitHub-Event", event), ("X-GitHub-Delivery", id), ("Content-Type", type),
            ("X-Hub-Signature-256", code),
          ], body)))
  }

  func gitlab(_ body: [UInt8], id: String, token: String = WebhookBench.token) -> Int {
    Self.status(
      send(
        Self.request(
          "/gitlab",
          [
            ("X-Gitlab-Event", "Push Hook"), ("X-Gitlab-Event-UUID", id), ("X-Gitlab-Token", token),
            ("Content-Type", "application/json"),
          ], body)))
  }
}
