import Foundation
import Processes
import TestSupport
import Testing

@Suite("secrets taken out of what passes")
struct SecretRedactorTests {
  static let secret = "s3cret/+key \"7\""

  /// As programs print it.
  static let shown: [(String, String)] = [
    ("as it is", secret), ("percent-encoded", "s3cret%2F%2Bkey%20%227%22"),
    ("percent-encoded, small", "s3cret%2f%2bkey%20%227%22"),
    ("of a form", "s3cret%2F%2Bkey+%227%22"), ("as JSON", #"s3cret/+key \"7\""#),
    ("as JSON with slashes", #"s3cret\/+key \"7\""#),
    ("hexadecimal", secret.utf8.map { String(format: "%02x", $0) }.joined()),
  ]

  @Test("every form goes, the rest stays", arguments: shown)
  func forms(_ name: String, _ form: String) {
    let redactor = SecretRedactor([Self.secret])
    #expect(redactor.redacted("before \(form), after") == "before ***, after")
  }

  @Test("in base64, wherever it lies in the text that was encoded", arguments: 0..<6)
  func base64(_ offset: Int) {
    let text = String(repeating: "x", count: offset) + Self.secret + "yy"
    let encoded = Data(text.utf8).base64EncodedString()
    let redacted = SecretRedactor([Self.secret]).redacted(encoded)
    #expect(redacted.contains("***"))
    // What is left beside the mark is what was before and after, with a few bits of the secret.
    #expect(redacted.utf8.count <= 3 + (offset + 2) * 4 / 3 + 8)
  }

  @Test("however the pieces are cut")
  func pieces() {
    let text = Array("a \(Self.secret)s3cret b s3c\(Self.secret)\(Self.secret)".utf8)
    for size in 1...text.count {
      var redactor = SecretRedactor([Self.secret])
      var out: [UInt8] = []
      for start in stride(from: 0, to: text.count, by: size) {
        out += redactor.take(text[start..<min(start + size, text.count)])
      }
      out += redactor.end()
      #expect(
        String(decoding: out, as: UTF8.self) == "a ***s3cret b s3c******", "pieces of \(size)")
    }
  }

  @Test("a key of several lines: each of them")
  func lines() {
    let key =
      "-----BEGIN KEY-----\nabcdefghijklmnopqrstuvwx\nzyxwvutsrqponmlkjihgf\n-----END KEY-----\n"
    let redactor = SecretRedactor([key])
    #expect(redactor.redacted("  abcdefghijklmnopqrstuvwx\n") == "  ***\n")
    #expect(redactor.redacted("<\(key)>") == "<***>")
  }

  @Test("a process's output reaches the file without it, though a child keeps the pipe open")
  func output() throws {
    let folder = try TemporaryFolder()
    try folder.write("log", "")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/log"))
    let redacted = try RedactedOutput(to: file.fileDescriptor, without: ["hush-hush"])
    let child = try ChildProcess.spawn(
      "/bin/sh",
      ["sh", "-c", "sleep 60 & printf hush; sleep 0.1; printf -- '-hush\\nhush-'"],
      environment: ["PATH=/usr/bin:/bin"], output: redacted.descriptor,
      errors: redacted.descriptor)
    redacted.didStart()
    while !child.hasEnded { usleep(1000) }
    redacted.finish()
    child.killGroup()
    _ = child.reap()
    #expect(String(decoding: try folder.read("log"), as: UTF8.self) == "***\nhush-")
  }

  @Test("a process that could not be started leaves no descriptor open")
  func abandoned() throws {
    let folder = try TemporaryFolder()
    try folder.write("log", "")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/log"))
    let before = try Self.openDescriptors()
    for _ in 0..<200 {
      try RedactedOutput(to: file.fileDescriptor, without: ["hush-hush"]).didStart()
    }
    // Threads close their ends in their own time; other tests open some meanwhile.
    for _ in 0..<200 where try Self.openDescriptors() >= before + 100 { usleep(10_000) }
    #expect(try Self.openDescriptors() < before + 100)
  }

  private static func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }
}
