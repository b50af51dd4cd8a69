import Documents
import Foundation
import Reproducibility
import TestSupport
import Testing
import Webhooks

@Suite struct WebhookReceiverTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static func id(_ number: Int) -> String {
    "72d3162e-cc78-11e3-81ab-\(String(format: "%012x", number))"
  }

  @Test("a signed push starts work once, from GitHub and from GitLab")
  func genuine() throws {
    let bench = try WebhookBench(folder: folder.path)
    defer { bench.stop() }
    #expect(bench.github(Array("{}".utf8), id: Self.id(0), event: "ping") == 200)
    #expect(bench.github(WebhookBench.push(1), id: Self.id(1)) == 202)
    #expect(
      bench.gitlab(WebhookBench.push(2, ref: "refs/heads/release/1.2"), id: Self.id(2)) == 202)
    #expect(bench.github(WebhookBench.push(3, ref: "refs/heads/other"), id: Self.id(3)) == 200)
    #expect(bench.github(WebhookBench.push(4), id: Self.id(4), event: "issues") == 200)
    bench.wait(for: 2)
    #expect(bench.started.map(\.id) == [Self.id(1), Self.id(2)])
    #expect(bench.started.map(\.ref) == ["refs/heads/main", "refs/heads/release/1.2"])
    #expect(bench.started[0].commit.hasSuffix("00000002") && bench.started[0].repository == "o/r")
  }

  /// S4: 10,000 deliveries that are forged or came before; nothing starts.
  @Test("10,000 forged or replayed deliveries start nothing")
  func forged() throws {
    let bench = try WebhookBench(folder: folder.path)
    defer { bench.stop() }
    let genuine = WebhookBench.push(1)
    let code = "sha256=" + KeyedDigest.hmac(genuine, key: WebhookBench.secret).hex
    #expect(bench.github(genuine, id: Self.id(1)) == 202)
    bench.wait(for: 1)
    var accepted = 0
    for number in 2..<10_002 {
      let body = WebhookBench.push(number)
      let status =
        switch number % 10 {
        case 0: bench.github(genuine, id: Self.id(1))
        case 1: bench.github(genuine, id: Self.id(number))
        case 2: bench.github(body, id: Self.id(number), signature: code)
        case 3: bench.github(body, id: Self.id(number), signature: "sha256=")
        case 4: bench.github(body, id: Self.id(number), signature: "")
        case 5:
          bench.github(
            body, id: Self.id(number),
            signature: "sha1=" + KeyedDigest.hmac(body, key: WebhookBench.secret).hex)
        case 6:
          bench.github(
            body, id: Self.id(number),
            signature: "sha256=" + KeyedDigest.hmac(body, key: Array("another".utf8)).hex)
        case 7: bench.gitlab(body, id: Self.id(number), token: "")
        case 8: bench.gitlab(body, id: Self.id(number), token: WebhookBench.token + "x")
        default:
          // Signed for the bytes before this one was added.
          bench.github(
            body + [0x20], id: Self.id(number),
            signature: "sha256=" + KeyedDigest.hmac(body, key: WebhookBench.secret).hex)
        }
      if status == 202 || status == 0 { accepted += 1 }
    }
    #expect(accepted == 0)
    #expect(bench.started.count == 1)
    bench.wait(forRefusals: 2000, of: "replayed")
    bench.wait(forRefusals: 8000, of: "forged")
    #expect(bench.refusals["replayed"] == 2000)
    #expect(bench.refusals["forged"] == 8000)
    // What was forged is not remembered: the true delivery of that id still works.
    #expect(bench.github(WebhookBench.push(2), id: Self.id(2)) == 202)
  }

  @Test("deliveries are remembered by the next process, and forgotten after a week")
  func remembered() throws {
    let path = folder.path + "/log"
    let week = DeliveryLog.secondsKept
    let body = Digest(of: [1])
    let event = try #require(
      PushEvent(id: "a", body: JSONReader.parse(WebhookBench.push(1), file: "")))
    do {
      let log = try DeliveryLog(path: path, now: 1000)
      try log.add(id: "a", body: body, event: event, now: 1000)
      try log.add(id: "b", body: Digest(of: [2]), event: nil, now: 2000)
    }
    // A line that a crash has cut.
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(#"{"id":"c","bo"#.utf8))
    try file.close()
    do {
      let log = try DeliveryLog(path: path, now: 3000)
      #expect(log.count == 2)
      #expect(log.holds(id: "a", body: Digest(of: [7])))
      #expect(log.holds(id: "x", body: body))
      #expect(!log.holds(id: "c", body: Digest(of: [7])))
      #expect(log.unfinished == [event])
      try log.finish("a")
    }
    let log = try DeliveryLog(path: path, now: 1000 + week + 1)
    #expect(log.unfinished.isEmpty)
    #expect(!log.holds(id: "a", body: body))
    #expect(log.holds(id: "b", body: body))
  }

  @Test("work that was not done before the end is done by the next process")
  func unfinished() throws {
    do {
      let bench = try WebhookBench(folder: folder.path, takes: false)
      #expect(bench.github(WebhookBench.push(1), id: Self.id(1)) == 202)
      bench.stop()
    }
    usleep(50_000)
    let bench = try WebhookBench(folder: folder.path)
    defer { bench.stop() }
    bench.wait(for: 1)
    #expect(bench.started.map(\.id) == [Self.id(1)])
  }

  @Test("a full queue answers 503 and forgets; a newer push of a ref takes the older one's place")
  func full() throws {
    let bench = try WebhookBench(folder: folder.path, queueMax: 2, takes: false)
    defer { bench.stop() }
    func push(_ number: Int, _ ref: String) -> Int {
      bench.github(WebhookBench.push(number, ref: "refs/heads/\(ref)"), id: Self.id(number))
    }
    #expect(push(1, "main") == 202)
    #expect(push(2, "release/1") == 202)
    #expect(push(3, "release/2") == 503)
    #expect(push(3, "release/2") == 503)
    #expect(push(4, "main") == 202)
    bench.wait(forRefusals: 2, of: "full")
    #expect(bench.refusals["full"] == 2)
    let log = try DeliveryLog(path: folder.path + "/deliveries.ndjson", now: 1_000_000)
    #expect(log.unfinished.map(\.id) == [Self.id(2), Self.id(4)])
  }

  @Test("what is signed and yet no push is refused")
  func strange() throws {
    let bench = try WebhookBench(folder: folder.path)
    defer { bench.stop() }
    #expect(bench.github(Array("not json".utf8), id: Self.id(1)) == 400)
    #expect(bench.github(WebhookBench.push(1), id: "../x") == 400)
    #expect(
      bench.github(WebhookBench.push(1), id: Self.id(2), type: "application/x-www-form-urlencoded")
        == 415)
    for (number, body) in [
      #"{"ref":"refs/heads/main","after":"0000000000000000000000000000000000000000"}"#,
      #"{"ref":"refs/heads/main","after":"HEAD"}"#,
      #"{"ref":"--upload-pack=x","after":"\#(String(repeating: "a", count: 40))"}"#,
      #"{"ref":"refs/heads/main","after":"\#(String(repeating: "a", count: 40))","deleted":true}"#,
      "[]",
    ].enumerated() {
      #expect(bench.github(Array(body.utf8), id: Self.id(10 + number)) == 200)
    }
    #expect(bench.started.isEmpty)
  }

  @Test(
    "patterns of refs",
    arguments: [
      ("refs/heads/main", "refs/heads/main", true), ("refs/heads/main2", "refs/heads/main", false),
      ("refs/heads/release/1.2", "refs/heads/release/*", true),
      ("refs/heads/release/", "refs/heads/release/*", true),
      ("refs/heads/x-y-z", "refs/heads/x*y*z", true), ("refs/heads/x-z", "refs/heads/x*y*z", false),
      ("refs/heads/ab", "refs/heads/ab*b", false), ("refs/tags/v1", "refs/*", true),
    ])
  func patterns(ref: String, pattern: String, fits: Bool) {
    #expect(WebhookReceiver.matches(ref, pattern) == fits)
  }

  @Test("refs that git could take for something else are none")
  func refs() {
    for good in ["refs/heads/main", "refs/tags/v1.0", "refs/heads/a-b/c_d"] {
      #expect(PushEvent.isRef(good))
    }
    for bad in [
      "main", "refs/heads/..", "refs/heads/a..b", "refs/heads/-x", "refs/heads/.x",
      "refs/heads/a b",
      "refs/heads/", "refs/heads//a", "refs/heads/a.lock", "refs/heads/a~1", "refs/heads/$(x)",
      "refs/heads/a\n", "refs/heads/é",
    ] {
      #expect(!PushEvent.isRef(bad), "\(bad)")
    }
  }
}
