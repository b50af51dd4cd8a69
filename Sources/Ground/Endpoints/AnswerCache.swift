internal import Documents
private import Glibc
package import Reproducibility

/// Answers that were paid for, in a folder: `ab/ab12…`, named by the digest of the request. Each is
/// a line with the digest of the rest, then the answer as JSON.
///
/// An answer is durable before it is used. One that is damaged is asked for again.
package struct AnswerCache: Sendable {
  private let folder: String

  /// - Parameter folder: made when something is kept; several processes may share it.
  package init(folder: String) { self.folder = folder }

  package func find(_ request: Digest) -> ChatAnswer? {
    let path = self.path(request)
    guard access(path, R_OK) == 0, let bytes = try? DurableFile.read(path),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    let rest = Array(bytes[(end + 1)...])
    guard String(decoding: bytes[..<end], as: UTF8.self) == Digest(of: rest).hex,
      let json = try? JSONReader.parse(rest, file: path)
    else { return nil }
    return ChatAnswer(kept: json)
  }

  /// - Throws: ``Failure`` of class `io`.
  package func keep(_ answer: ChatAnswer, to request: Digest) throws {
    try DurableFile.makeFolder(folder + "/" + request.hex.prefix(2))
    let rest = Array((JSONWriter.compact(answer.json) + "\n").utf8)
    try DurableFile.write(Array("\(Digest(of: rest).hex)\n".utf8) + rest, to: path(request))
  }

  private func path(_ request: Digest) -> String {
    "\(folder)/\(request.hex.prefix(2))/\(request.hex)"
  }
}
