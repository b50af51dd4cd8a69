import Documents
import Foundation
import TestSupport
import Testing

/// The program against an endpoint: killed, resumed, stopped by a budget, refused.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct EndpointRunTests {
  static let key = "sk-planted-0123456789abcdef"

  /// 24 sums, four answers each.
  static func project(_ server: FakeEndpoint, _ more: String = "") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let rows = (0..<24).map {
      #"{"messages": [{"role": "user", "content": "\#($0) + 1"}, {"role": "assistant", "content": "\#($0 + 1)"}]}"#
    }
    try folder.write("sums.jsonl", rows.joined(separator: "\n") + "\n")
    try write(folder, server, more)
    return folder
  }

  static func write(_ folder: TemporaryFolder, _ server: FakeEndpoint, _ more: String) throws {
    try folder.write(
      "pipeline.yaml",
      """
      name: p
      stages:
        sums: { uses: ingest, with: { sources: [ { path: ./sums.jsonl, type: chat_template } ] } }
        sampled:
          uses: rejection_sample
          inputs: { prompts: sums }
          with:
            endpoint: \(server.url)
            endpoint_model: m
            api_key_env: PLANTED_KEY
            concurrency: 2
            retries: 0
            num_samples: 4
            request: { seed: 0 }
            verifiers: [ { type: numeric, field: completion } ]
            \(more)

      """)
  }

  static func answer(_ request: FakeEndpoint.Request) -> [FakeEndpoint.Step] {
    let number = Int(request.question.prefix { $0 != " " }) ?? 0
    let sample = request.json["seed"]?.integerValue ?? 0
    return FakeEndpoint.chat(
      sample == number % 4 ? "\(number + 1)" : "\(number + 100)", input: 20, output: 10)
  }

  static func run(_ arguments: [String], _ folder: TemporaryFolder) throws -> BuiltTool.Result {
    try BuiltTool.run(arguments, in: folder, environment: ["PLANTED_KEY": key])
  }

  /// Files of the project that hold the key.
  static func leaks(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { name in
      String(decoding: (try? folder.read(name)) ?? [], as: UTF8.self).contains(key)
    }
  }

  @Test("a kill loses the requests on their way alone, and a resume ends with the same bytes")
  func killed() throws {
    let server = try FakeEndpoint { request, _ in [.pause(0.03)] + Self.answer(request) }
    defer { server.stop() }
    let folder = try Self.project(server)
    let running = try BuiltTool.start(["run"], in: folder, environment: ["PLANTED_KEY": Self.key])
    RunCommandTests.wait("the requests") { server.requests.count >= 30 }
    running.send(SIGKILL)
    #expect(running.wait().status == 137)
    let before = server.requests.count
    #expect(before < 96)
    let resumed = try Self.run(["resume"], folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let asked = server.requests.map { "\($0.question) \($0.json["seed"]?.integerValue ?? -1)" }
    #expect(Set(asked).count == 96)
    // Two were on their way when the engine died.
    #expect((96...98).contains(asked.count))
    let other = try Self.project(server)
    #expect(try Self.run(["run"], other).status == 0)
    #expect(try BuiltTool.objects(in: folder) == BuiltTool.objects(in: other))
    #expect(try Self.leaks(folder).isEmpty)
    // Another run of the same pipeline asks nothing.
    let count = server.requests.count
    #expect(try Self.run(["run"], folder).output.contains("0 ran, 2 cached"))
    #expect(server.requests.count == count)
  }

  @Test("an interrupt stops within seconds and can be resumed")
  func interrupted() throws {
    let server = try FakeEndpoint { request, number in
      number < 10 ? Self.answer(request) : [.pause(30)]
    }
    let folder = try Self.project(server)
    let running = try BuiltTool.start(["run"], in: folder, environment: ["PLANTED_KEY": Self.key])
    RunCommandTests.wait("the requests") { server.requests.count >= 12 }
    let started = Date()
    running.send(SIGINT)
    let stopped = running.wait()
    #expect(stopped.status == 130)
    #expect(Date().timeIntervalSince(started) < 8)
    #expect(stopped.errors.hasSuffix("resume with: orchestrate resume\n"))
    server.stop()
  }

  @Test("a budget stops before it is exceeded; with a higher one nothing is paid for twice")
  func budget() throws {
    let server = try FakeEndpoint { request, _ in Self.answer(request) }
    defer { server.stop() }
    let prices =
      "input_price: 1000\n      output_price: 1000\n      max_new_tokens: 20\n      max_cost: "
    // An answer costs 0.03, and may cost 0.057: a token for every byte.
    let folder = try Self.project(server, prices + "1")
    let refused = try Self.run(["run"], folder)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("would cost more than 'max_cost' 1: "), "\(refused.errors)")
    #expect(Double(server.requests.count) * 0.03 <= 1)
    #expect(server.requests.count >= 25)
    try Self.write(folder, server, prices + "20")
    #expect(try Self.run(["run"], folder).status == 0)
    #expect(server.requests.count == 96)
    #expect(
      try Self.run(["artifacts", "get", "sampled.ledger", "--to", "out"], folder).status == 0)
    let ledger = try JSONReader.parse(folder.read("out/ledger.json"), file: "ledger")
    #expect(ledger["requests"] == 96)
    #expect(abs((ledger["cost"]?.doubleValue ?? 0) - 96 * 0.03) < 1e-9)
  }

  @Test("a key that is refused, or not there, ends the run without being shown")
  func key() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.json(
        ["error": ["message": .string("no: \(request.headers["authorization"] ?? "")")]],
        status: 401)
    }
    defer { server.stop() }
    let folder = try Self.project(server)
    let refused = try Self.run(["run"], folder)
    #expect(refused.status == 77)
    #expect(refused.errors.contains("answered 401: 'no: Bearer [redacted]'"), "\(refused.errors)")
    for text in [refused.output, refused.errors, try Self.run(["logs", "sampled"], folder).output] {
      #expect(!text.contains(Self.key))
    }
    #expect(try Self.leaks(folder).isEmpty)
    let other = try Self.project(server)
    let missing = try BuiltTool.run(["run"], in: other)
    #expect(missing.status == 65)
    #expect(
      missing.errors.contains(
        "the environment variable 'PLANTED_KEY' of 'api_key_env' is not set"))
  }
}
