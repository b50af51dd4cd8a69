import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import StageKit
import TestSupport

/// Rows, an endpoint and a folder for stages that ask.
struct AskingFixture {
  let folder: TemporaryFolder

  static let key = "sk-planted-0123456789abcdef"
  static let variable = "ORCHESTRATE_TEST_PLANTED_KEY"

  init() throws {
    folder = try TemporaryFolder()
    setenv(Self.variable, Self.key, 1)
  }

  var harness: StageHarness {
    var harness = StageHarness()
    harness.answers = folder.path + "/answers"
    return harness
  }

  /// The parameters of an endpoint that waits for nothing.
  static func endpoint(_ server: FakeEndpoint, prefix: String = "", _ more: String = "") -> String {
    #""\#(prefix)endpoint": "\#(server.url)", "\#(prefix)endpoint_model": "m", "#
      + #""\#(prefix)api_key_env": "\#(variable)", "\#(prefix)retries": 1, "#
      + #""\#(prefix)retry_delay": 0.01\#(more.isEmpty ? "" : ", " + more)"#
  }

  func records(_ rows: [(RowContent, [JSONMember])]) throws -> InputArtifact {
    let path = try folder.makeFolder("records-\(UUID().uuidString)")
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for (content, fields) in rows {
      try writer.append(Row(id: identity.next(content, fields), content: content, fields: fields))
    }
    try writer.finish()
    return try StageHarness.artifact(folder: path, .records)
  }

  /// Sums to be answered, with their results.
  func sums(_ count: Int) throws -> InputArtifact {
    try records(
      (0..<count).map { number in
        (
          .conversation(
            [
              Message(.user, "\(number) + 1"),
              Message(.assistant, "\(number + 1)"),
            ], tools: nil), [JSONMember("category", number % 2 == 0 ? "even" : "odd")]
        )
      })
  }

  static func rows(_ result: StageHarness.Result, _ port: String) throws -> [Row] {
    try RecordsReader(try result.artifact(port, .records).tree).rows()
  }

  static func json(_ result: StageHarness.Result, _ port: String, _ name: String) throws
    -> JSONValue
  {
    let path = result.outputs[port]! + "/" + name
    return try JSONReader.parse(
      Array(try Data(contentsOf: URL(fileURLWithPath: path))), file: name)
  }

  static func text(_ result: StageHarness.Result, _ port: String, _ name: String) throws -> String {
    String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: result.outputs[port]! + "/" + name)),
      as: UTF8.self)
  }

  static func count(_ result: StageHarness.Result, _ name: String) -> Int? {
    for case .count(let found, let value) in result.events where found == name { return value }
    return nil
  }

  static func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let failure as Failure {
      return failure.diagnostics.map(\.message).joined(separator: "\n")
    } catch {
      return "\(error)"
    }
  }

  /// Every file below the folder, and whether one holds the key.
  func holdsKey() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { name in
      let bytes = (try? folder.read(name)) ?? []
      return String(decoding: bytes, as: UTF8.self).contains(Self.key)
    }
  }
}
