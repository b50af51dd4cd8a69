import CKernels
import Documents

/// Where the id and the text of a .jsonl row stand on the row's tape: found without building the row.
struct PIILine {
  /// Entries of the tape.
  private(set) var id: Int?
  private(set) var text: Int?

  /// - Returns: nil when the row has no such text, or something so rare that only the whole row tells.
  init?(_ tape: borrowing JSONTape, field: [UInt8]) {
    guard tape.isKind(0, ORC_JSON_OBJECT) else { return nil }
    let end = Int(tape.entries[0].next)
    var at = 1
    while at < end {
      let key = tape.entries[at]
      // A key with an escape may be any key.
      if key.flags & UInt8(ORC_JSON_ESCAPED) != 0 { return nil }
      let name = UnsafeBufferPointer(start: tape.text + Int(key.start), count: Int(key.length))
      if name.count == field.count, name.elementsEqual(field) {
        text = at + 1
      } else if name.count == 2, name[0] == UInt8(ascii: "i"), name[1] == UInt8(ascii: "d") {
        id = at + 1
      }
      at = Int(tape.entries[at + 1].next)
    }
    guard let text, tape.isKind(text, ORC_JSON_STRING) else { return nil }
    if field.elementsEqual("id".utf8) { id = text }
    if let id, tape.isKind(id, ORC_JSON_NUMBER), !Self.isPlain(Self.raw(id, tape)) { return nil }
  }

  /// The bytes of a value as they stand in the row, those of a string with its quotes.
  static func raw(_ index: Int, _ tape: borrowing JSONTape) -> UnsafeBufferPointer<UInt8> {
    let entry = tape.entries[index]
    let quote = tape.isKind(index, ORC_JSON_STRING) ? 1 : 0
    return UnsafeBufferPointer(
      start: tape.text + Int(entry.start) - quote, count: Int(entry.length) + 2 * quote)
  }

  /// Whether a number is written as it would be written again.
  private static func isPlain(_ number: UnsafeBufferPointer<UInt8>) -> Bool {
    number.count < 19 && !number.contains { $0 | 0x20 == UInt8(ascii: "e") }
  }
}
