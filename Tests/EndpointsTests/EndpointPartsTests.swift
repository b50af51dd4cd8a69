import Documents
import Endpoints
import Foundation
import Reproducibility
import TestSupport
import Testing

struct EndpointPartsTests {
  @Test(
    "URLs that are taken",
    arguments: [
      ("https://api.example.com/v1", "https://api.example.com/v1/chat/completions"),
      ("https://API.example.com:443/v1/", "https://api.example.com/v1/chat/completions"),
      ("http://[::1]:8000", "http://[::1]:8000/chat/completions"),
      ("http://h/v1/chat/completions", "http://h/v1/chat/completions"),
      ("https://h/x?api-version=2", "https://h/x/chat/completions?api-version=2"),
    ])
  func address(text: String, url: String) throws {
    #expect(try EndpointAddress(text).url(.chat) == url)
  }

  @Test(
    "URLs that are refused, without repeating a secret",
    arguments: [
      ("ftp://h/v1", "is no http or https URL"), ("api.example.com", "is no http or https URL"),
      ("https://", "names no host"), ("https://h:99999/", "names no host, or a port that is none"),
      ("https://h/ v1", "holds spaces"), ("https://h/#a", "holds a fragment"),
      ("https://me:hunter2@h/v1", "holds a user or a password"),
      ("https://h/v1?api_key=hunter2", "holds 'api_key=…'"),
    ])
  func refused(text: String, expected: String) {
    let message = Asking.message { _ = try EndpointAddress(text) }
    #expect(message.contains(expected), "\(message)")
    #expect(!message.contains("hunter2"))
  }

  @Test("a key shows in no description, dump or text that it is taken out of")
  func key() throws {
    let value = "sk/a+b-0123"
    let key = try EndpointKey(variable: "K", environment: ["K": value + "\n"])
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped, String(describing: [key])] {
      #expect(!text.contains("sk/a"), "\(text)")
    }
    #expect(
      key.redact("a sk/a+b-0123 b sk%2Fa%2Bb-0123 c sk\\/a+b-0123.")
        == "a [redacted] b [redacted] c [redacted].")
    let dummy = try EndpointKey(variable: "K", environment: ["K": "EMPTY"])
    #expect(dummy.redact("EMPTY set") == "EMPTY set")
  }

  @Test(
    "keys that cannot be sent are told without their value",
    arguments: [
      ([:], "endpoint.no-key: the environment variable 'K' of 'api_key_env' is not set"),
      (["K": ""], "endpoint.no-key"), (["K": "abc def"], "endpoint.key"),
      (["K": "abc\r\nX: y"], "endpoint.key"), (["K": "  \n"], "endpoint.key"),
    ])
  func keys(environment: [String: String], expected: String) {
    let message = Asking.message { _ = try EndpointKey(variable: "K", environment: environment) }
    #expect(message.hasPrefix(expected), "\(message)")
    #expect(!message.contains("abc"))
  }

  @Test("waits double, differ by request, and never undercut what the endpoint asked for")
  func waits() {
    let rule = RetryRule(retriesMax: 9, baseSeconds: 1, secondsMax: 60)
    let (a, b) = (Digest(of: [1]), Digest(of: [2]))
    for number in 0..<9 {
      let most = min(60, Double(1 << number))
      let wait = rule.seconds(before: number, of: a, retryAfter: nil)
      #expect(wait >= most / 2 && wait <= most)
      #expect(wait == rule.seconds(before: number, of: a, retryAfter: nil))
      #expect(wait != rule.seconds(before: number, of: b, retryAfter: nil))
    }
    #expect(rule.seconds(before: 0, of: a, retryAfter: 7) == 7)
    #expect(rule.seconds(before: 6, of: a, retryAfter: 7) > 7)
  }

  @Test("the ledger counts an answer once and stops before the budget is exceeded")
  func budget() throws {
    // Each question may cost 1 + 16 + 16 bytes in, 16 tokens out: 0.049 at 1000 a million tokens.
    let server = try FakeEndpoint { _, _ in FakeEndpoint.chat("a", input: 20, output: 10) }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    func ask(_ most: Double?, requests: Int? = nil) throws -> (String, EndpointClient) {
      let client = try Asking.client(
        Asking.settings(server.url, concurrency: 3), cache: AnswerCache(folder: folder.path),
        limits: CostLimits(
          inputPrice: 1000, outputPrice: 1000, costMax: most, requestsMax: requests))
      let message = Asking.message {
        _ = try client.answers(to: (0..<8).map { Asking.question("\($0)") })
      }
      return (message, client)
    }
    let (message, client) = try ask(0.1)
    #expect(
      message
        == "endpoint.budget: endpoint '\(server.url)/chat/completions' would cost more than "
        + "'max_cost' 0.1: 2 answers cost 0.06, and the next may cost 0.049 | raise 'max_cost'; the "
        + "answers so far are kept and not paid for again")
    #expect(client.ledger.cost <= 0.1)
    #expect(server.requests.count == 2)
    let (second, _) = try ask(nil, requests: 5)
    #expect(second.contains("has given the 5 answers that 'max_requests' allows"))
    #expect(server.requests.count == 5)
    let (third, whole) = try ask(1)
    #expect(third == "no error")
    #expect(server.requests.count == 8)
    #expect(whole.ledger.requests == 8)
    #expect(
      JSONWriter.compact(whole.ledger.json(endpoint: "e", model: "m"))
        == #"{"formatVersion":1,"endpoint":"e","model":"m","requests":8,"input_tokens":160,"output_tokens":80,"requests_with_estimated_tokens":0,"input_price_per_million":1000.0,"output_price_per_million":1000.0,"cost":0.24,"max_cost":1.0,"max_requests":null}"#
    )
  }
}
