import Diagnostics
import Documents
import Endpoints
import Foundation
import Reproducibility
import Synchronization
import TestSupport
import Testing

struct EndpointClientTests {
  @Test("a question is posted with model, messages, limits and the key, and the answer is read")
  func plain() throws {
    let server = try FakeEndpoint { _, _ in FakeEndpoint.chat("yes", input: 7, output: 3) }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url))
    let answers = try client.answers(to: [Asking.question("is it?")])
    #expect(
      answers == [ChatAnswer(text: "yes", finish: .stop, use: TokenUse(input: 7, output: 3))])
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.path == "/v1/chat/completions")
    #expect(request.headers["authorization"] == "Bearer \(Asking.key)")
    #expect(request.headers["content-type"] == "application/json")
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"{"model":"m","messages":[{"role":"user","content":"is it?"}],"max_tokens":16,"temperature":0.0}"#
    )
  }

  @Test("answers come in the order of the requests, several at once, equal requests asked once")
  func order() throws {
    let server = try FakeEndpoint { request, _ in
      // Earlier questions take longer.
      let number = Double(request.question) ?? 0
      return [.pause((20 - number) / 200)] + FakeEndpoint.chat("to \(request.question)")
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url, concurrency: 5))
    let questions = (0..<20).map { Asking.question("\($0 % 15)") }
    let answers = try client.answers(to: questions)
    #expect(answers.map(\.text) == (0..<20).map { "to \($0 % 15)" })
    #expect(server.requests.count == 15)
    // The server may still hold a connection that the client has done with.
    #expect((2...10).contains(server.openMost))
    #expect(client.ledger.requests == 15)
  }

  @Test("the completion method sends a prompt and reads a text")
  func completion() throws {
    let server = try FakeEndpoint { _, _ in
      FakeEndpoint.json(["choices": [["text": " there", "finish_reason": "length"]]])
    }
    defer { server.stop() }
    var settings = try Asking.settings(server.url)
    settings.method = .completion
    settings.extra = [JSONMember("seed", 5), JSONMember("max_completion_tokens", 9)]
    let client = try Asking.client(settings)
    let answer = try client.answers(to: [Asking.question("hello", sample: 2)])[0]
    #expect(answer.text == " there")
    #expect(answer.finish == .length)
    #expect(answer.isUseEstimated)
    #expect(answer.use == TokenUse(input: 2, output: 2))
    #expect(server.requests[0].path == "/v1/completions")
    #expect(
      String(decoding: server.requests[0].body, as: UTF8.self)
        == #"{"model":"m","prompt":"hello","temperature":0.0,"seed":7,"max_completion_tokens":9}"#)
  }

  @Test("an answer that is kept is not asked for again, one that is damaged is")
  func cache() throws {
    let server = try FakeEndpoint { _, number in FakeEndpoint.chat("answer \(number)") }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let cache = AnswerCache(folder: folder.path + "/kept")
    func ask(_ samples: [Int]) throws -> [String] {
      let client = try Asking.client(Asking.settings(server.url, concurrency: 1), cache: cache)
      let answers = try client.answers(to: samples.map { Asking.question("q", sample: $0) })
      #expect(client.ledger.requests == samples.count)
      #expect(client.ledger.use.input == 10 * samples.count)
      return answers.map(\.text)
    }
    #expect(try ask([0, 1]) == ["answer 0", "answer 1"])
    #expect(try ask([1, 0, 2]) == ["answer 1", "answer 0", "answer 2"])
    #expect(server.requests.count == 3)
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.count > 60 }
    #expect(files.count == 3)
    for file in files {
      var bytes = try folder.read(file)
      #expect(!String(decoding: bytes, as: UTF8.self).contains(Asking.key))
      bytes[bytes.count - 5] ^= 1
      try folder.write(file, bytes)
    }
    #expect(try ask([0]) == ["answer 3"])
  }

  @Test("what a stop leaves on its way is given up within two seconds, what came is kept")
  func stop() throws {
    let server = try FakeEndpoint { request, _ in
      request.question == "slow"
        ? [.pause(30)] + FakeEndpoint.chat("late") : FakeEndpoint.chat("soon")
    }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let cache = AnswerCache(folder: folder.path)
    let client = try Asking.client(Asking.settings(server.url, concurrency: 2), cache: cache)
    let started = Date()
    #expect(throws: CancellationError.self) {
      try client.answers(to: [Asking.question("slow"), Asking.question("fast")]) { done in
        if done == 1 { throw CancellationError() }
      }
    }
    #expect(Date().timeIntervalSince(started) < 4)
    let again = try Asking.client(Asking.settings(server.url), cache: cache)
    #expect(try again.answers(to: [Asking.question("fast")]).map(\.text) == ["soon"])
    #expect(again.traffic.cached == 1)
  }

  @Test(
    "failures that another try may change are tried again",
    arguments: ["503", "429", "408", "reset", "early", "nothing"])
  func retry(kind: String) throws {
    let server = try FakeEndpoint { _, number in
      if number == 2 { return FakeEndpoint.chat("at last") }
      return switch kind {
      case "reset": [.reset]
      case "early": [FakeEndpoint.text("HTTP/1.1 200 X\r\nContent-Length: 500\r\n\r\n{\"cho")]
      case "nothing": []
      default: FakeEndpoint.json(["error": ["message": "busy"]], status: Int(kind) ?? 0)
      }
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url, retries: 2))
    #expect(try client.answers(to: [Asking.question("q")])[0].text == "at last")
    #expect(client.traffic.retries == 2)
    #expect(client.ledger.requests == 1)
  }

  @Test(
    "failures that are final are not tried again",
    arguments: [400, 401, 403, 404, 422, 501, 505])
  func final(status: Int) throws {
    let server = try FakeEndpoint { _, _ in
      FakeEndpoint.json(["error": ["message": "no"]], status: status)
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url, retries: 3))
    #expect(throws: Failure.self) { try client.answers(to: [Asking.question("q")]) }
    #expect(server.requests.count == 1)
  }

  @Test("an account without money is not asked again, though it answers 429")
  func quota() throws {
    let server = try FakeEndpoint { _, _ in
      FakeEndpoint.json(
        ["error": ["message": "pay", "code": "insufficient_quota"]], status: 429)
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url, retries: 3))
    #expect(throws: Failure.self) { try client.answers(to: [Asking.question("q")]) }
    #expect(server.requests.count == 1)
  }

  @Test("Retry-After is waited for")
  func retryAfter() throws {
    let server = try FakeEndpoint { _, number in
      number == 0
        ? FakeEndpoint.json([:], status: 429, headers: ["Retry-After: 1"]) : FakeEndpoint.chat("a")
    }
    defer { server.stop() }
    let started = Date()
    let client = try Asking.client(Asking.settings(server.url, retries: 1))
    #expect(try client.answers(to: [Asking.question("q")])[0].text == "a")
    #expect(Date().timeIntervalSince(started) >= 1)
  }

  @Test("prompts that the endpoint will not take are refused answers where that is accepted")
  func refusals() throws {
    let server = try FakeEndpoint { request, _ in
      request.question == "bad"
        ? FakeEndpoint.json(["error": ["message": "filtered"]], status: 400)
        : FakeEndpoint.chat("fine")
    }
    defer { server.stop() }
    var settings = try Asking.settings(server.url)
    settings.acceptsRefusals = true
    let answers = try Asking.client(settings)
      .answers(to: [Asking.question("bad"), Asking.question("good")])
    #expect(answers.map(\.finish) == [.refused, .stop])
    #expect(answers[0].text.isEmpty)
  }

  @Test("the error of the first request that failed is told, the rest are not begun")
  func firstError() throws {
    let server = try FakeEndpoint { request, _ in
      request.question == "3"
        ? FakeEndpoint.json(["error": ["message": "three"]], status: 400)
        : FakeEndpoint.chat("fine")
    }
    defer { server.stop() }
    let client = try Asking.client(Asking.settings(server.url, concurrency: 1))
    let message = Asking.message {
      _ = try client.answers(to: (0..<10).map { Asking.question("\($0)") })
    }
    #expect(
      message
        == "endpoint.status: endpoint '\(server.url)/chat/completions' answered 400: 'three' "
        + "| see what the endpoint says of the request")
    #expect(server.requests.count == 4)
  }
}
