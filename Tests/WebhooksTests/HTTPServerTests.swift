import Diagnostics
import Foundation
import Glibc
import TestSupport
import Testing
import Webhooks

@Suite struct HTTPServerTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("what a client may not send is answered with its status, and nothing starts")
  func refused() throws {
    var limits = HTTPLimits()
    limits.bodyBytes = 1000
    let bench = try WebhookBench(folder: folder.path, limits: limits)
    defer { bench.stop() }
    let head = "POST /github HTTP/1.1\r\nHost: localhost\r\n"
    let cases: [(String, Int)] = [
      ("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
      ("GET /health HTTP/1.1\r\nHost: localhost:8787\r\n\r\n", 200),
      ("GET /health?x=1 HTTP/1.1\r\nHost: HOOKS.example.org\r\n\r\n", 200),
      ("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
      ("GET /health HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 421),
      ("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
      ("GET /health HTTP/1.1\r\n\r\n", 400),
      ("GET /github HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
      ("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
      ("get /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
      ("GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
      ("GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
      ("\u{16}\u{3}\u{1}hello\r\n\r\n", 400),
      (head + "\r\n", 411), (head + "Content-Length: x\r\n\r\n", 400),
      (head + "Content-Length: -1\r\n\r\n", 400), (head + "Content-Length: +5\r\n\r\nhello", 400),
      (head + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
      (head + "Content-Length: 1001\r\n\r\n", 413),
      (head + "Content-Length: 99999999999999999999\r\n\r\n", 413),
      (head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
      (head + "Content-Length: 0\r\n folded: x\r\n\r\n", 400),
      (head + "Content-Length : 0\r\n\r\n", 400), (head + "no colon\r\n\r\n", 400),
      (head + "X: a\u{0}b\r\n\r\n", 400),
      (head + "X: " + String(repeating: "a", count: 20_000) + "\r\n\r\n", 431),
      (head + String(repeating: "X: y\r\n", count: 150) + "\r\n", 431),
    ]
    for (text, status) in cases {
      let answer = bench.send(Array(text.utf8))
      #expect(WebhookBench.status(answer) == status, "\(text.prefix(60))")
    }
    #expect(bench.started.isEmpty)
  }

  @Test("a request that comes in pieces is put together")
  func pieces() throws {
    let bench = try WebhookBench(folder: folder.path)
    defer { bench.stop() }
    let bytes = WebhookBench.request("/health", [], [], method: "GET")
    #expect(WebhookBench.status(bench.send(bytes, pauseAfter: 7)) == 200)
    let large = WebhookBench.request(
      "/github", [("Expect", "100-continue")], [UInt8](repeating: 65, count: 3 << 20))
    let answer = bench.send(large, pauseAfter: 1 << 20)
    #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 "))
  }

  @Test("slow clients are let go of, and do not keep others from being served")
  func slow() throws {
    var limits = HTTPLimits()
    limits.headSeconds = 0.3
    limits.requestSeconds = 0.6
    let bench = try WebhookBench(folder: folder.path, limits: limits)
    defer { bench.stop() }
    let start = ContinuousClock.now
    #expect(WebhookBench.status(bench.send(Array("POST /github HT".utf8))) == 408)
    let head = "POST /github HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"
    #expect(WebhookBench.status(bench.send(Array(head.utf8))) == 408)
    #expect(ContinuousClock.now - start < .seconds(8))
    #expect(
      WebhookBench.status(bench.send(WebhookBench.request("/health", [], [], method: "GET"))) == 200
    )
  }

  @Test("more connections than the bound are told so")
  func crowd() throws {
    var limits = HTTPLimits()
    limits.connections = 3
    let bench = try WebhookBench(folder: folder.path, limits: limits)
    defer { bench.stop() }
    var open: [Int32] = []
    defer { for client in open { close(client) } }
    for _ in 0..<3 {
      let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = bench.port.bigEndian
      inet_pton(AF_INET, "127.0.0.1", &place.sin_addr)
      _ = withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      open.append(client)
    }
    usleep(50_000)
    let answer = bench.send(WebhookBench.request("/health", [], [], method: "GET"))
    #expect(WebhookBench.status(answer) == 503)
    #expect(answer.contains("Retry-After: 5"))
  }

  @Test("an address or a port that cannot be had is told")
  func addresses() throws {
    func code(_ body: () throws -> HTTPServer) -> String? {
      do { _ = try body(); return nil } catch {
        return (error as? Failure)?.diagnostics.first?.code
      }
    }
    #expect(code { try HTTPServer(address: "localhost", port: 0) } == "http.address")
    let first = try HTTPServer(address: "127.0.0.1", port: 0)
    #expect(code { try HTTPServer(address: "127.0.0.1", port: first.port) } == "http.listen")
    withExtendedLifetime(first) {}
  }
}
