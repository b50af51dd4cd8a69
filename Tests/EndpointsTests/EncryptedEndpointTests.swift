import Endpoints
import Foundation
import TestSupport
import Testing

/// HTTPS against the `openssl` program as the server, with a certificate made for the test.
@Suite(
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"),
    "the program openssl is not installed"))
struct EncryptedEndpointTests {
  @Test("a certificate that nobody signed is refused, and no key is sent")
  func selfSigned() throws {
    let folder = try TemporaryFolder()
    try Self.openssl(
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
      "-days", "2", "-subj", "/CN=localhost", in: folder
    ).waitUntilExit()
    let port = 20_000 + Int.random(in: 0..<20_000)
    let server = try Self.openssl(
      "s_server", "-accept", "127.0.0.1:\(port)", "-key", "key.pem", "-cert", "cert.pem", "-quiet",
      in: folder)
    defer { server.terminate() }
    let client = try Asking.client(Asking.settings("https://localhost:\(port)/v1", retries: 0))
    var message = ""
    for _ in 0..<200 {
      message = Asking.message { _ = try client.answers(to: [Asking.question("q")]) }
      if !message.hasPrefix("endpoint.unreachable") { break }
      usleep(20_000)
    }
    #expect(
      message.hasPrefix(
        "endpoint.untrusted: endpoint 'https://localhost:\(port)/v1/chat/completions' is not trusted"
      ),
      "\(message)")
    #expect(!String(decoding: try folder.read("said"), as: UTF8.self).contains(Asking.key))
  }

  @discardableResult
  private static func openssl(_ arguments: String..., in folder: TemporaryFolder) throws -> Process
  {
    try folder.write("said", "")
    let process = Process()
    let said = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/said"))
    process.standardOutput = said
    process.standardError = said
    try process.start("/usr/bin/openssl", arguments, in: folder.path)
    return process
  }
}
