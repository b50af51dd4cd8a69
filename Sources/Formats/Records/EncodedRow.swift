package import Documents
internal import Reproducibility

/// A row that is encoded but not yet named: made on any thread, written in order.
package struct EncodedRow: Sendable {
  /// What ``RowIdentity/hash(_:_:)`` gives.
  package var hash: String
  /// The line of the row after its id: `"type":…}` and a line feed.
  package var tail: [UInt8]

  package init(_ content: RowContent, _ fields: [JSONMember]) {
    let value = JSONValue.object(RowCodec.members(content, fields))
    var bytes: [UInt8] = []
    JSONWriter.append(value, sorted: true, to: &bytes)
    hash = String(Digest(of: bytes).hex.prefix(32))
    bytes.removeAll(keepingCapacity: true)
    tail = EncodedRow.tail(value, reusing: bytes)
  }

  /// A row that was encoded before.
  ///
  /// - Parameter tail: the line after the id, from the comma to the line feed.
  package init(hash: String, tail: [UInt8]) {
    self.hash = hash
    self.tail = tail
  }

  init(_ row: Row) {
    hash = row.id.hash
    tail = EncodedRow.tail(.object(RowCodec.members(row.content, row.fields)), reusing: [])
  }

  private static func tail(_ value: JSONValue, reusing buffer: consuming [UInt8]) -> [UInt8] {
    var bytes = buffer
    JSONWriter.append(value, sorted: false, to: &bytes)
    // The opening brace goes: the id is written in its place.
    bytes[0] = UInt8(ascii: ",")
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}
