internal import Diagnostics
internal import Documents
private import Foundation
internal import Records

/// `quarantine.jsonl`: bad rows in order; `raw` is the text of the row, `raw_base64` its bytes
/// where they are not UTF-8.
final class QuarantineWriter {
  private let output: OutputFile

  init(_ path: String) throws { output = try OutputFile(path) }

  func add(_ row: BadRow) throws {
    var members = [
      JSONMember("file", .string(row.diagnostic.span?.file ?? "")),
      JSONMember("line", .integer(Int64(row.diagnostic.span?.line ?? 0))),
      JSONMember("column", .integer(Int64(row.diagnostic.span?.column ?? 1))),
      JSONMember("code", .string(row.diagnostic.code)),
      JSONMember("message", .string(row.diagnostic.message)),
    ]
    if let text = String(validating: row.raw, as: UTF8.self) {
      members.append(JSONMember("raw", .string(text)))
    } else {
      members.append(JSONMember("raw_base64", .string(Data(row.raw).base64EncodedString())))
    }
    try output.append(JSONWriter.compact(.object(members)) + "\n")
  }

  func finish() throws { try output.finish() }
}
