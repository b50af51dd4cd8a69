internal import CKernels
internal import Documents

/// Writes values of a tape as ``JSONWriter`` writes the same values.
///
/// Functions return false for what only a tree can write: in sorted form, keys with escapes.
enum TranscribedValue {
  /// - Parameter sorted: the canonical form.
  static func value(
    _ tape: borrowing JSONTape, _ index: Int, sorted: Bool, to room: inout ByteRoom
  ) -> Bool {
    let entry = tape.entries[index]
    switch Int(entry.kind) {
    case ORC_JSON_NULL: room.append("null")
    case ORC_JSON_FALSE: room.append("false")
    case ORC_JSON_TRUE: room.append("true")
    case ORC_JSON_NUMBER:
      if entry.flags & UInt8(ORC_JSON_PLAIN_INTEGER | ORC_JSON_PLAIN_DECIMAL) != 0 {
        room.append(tape.text + Int(entry.start), Int(entry.length))
      } else {
        var bytes: [UInt8] = []
        JSONWriter.append(tape.number(index), sorted: sorted, to: &bytes)
        bytes.withUnsafeBufferPointer { room.append($0.baseAddress!, $0.count) }  // never empty
      }
    case ORC_JSON_STRING: string(tape, index, to: &room)
    case ORC_JSON_ARRAY:
      room.append("[")
      var at = index + 1
      while at < Int(entry.next) {
        if at > index + 1 { room.append(",") }
        guard value(tape, at, sorted: sorted, to: &room) else { return false }
        at = Int(tape.entries[at].next)
      }
      room.append("]")
    default: return object(tape, index, sorted: sorted, to: &room)
    }
    return true
  }

  private static func object(
    _ tape: borrowing JSONTape, _ index: Int, sorted: Bool, to room: inout ByteRoom
  ) -> Bool {
    room.append("{")
    var keys: [Int] = []
    var at = index + 1
    while at < Int(tape.entries[index].next) {
      if sorted {
        keys.append(at)
      } else {
        if at > index + 1 { room.append(",") }
        guard member(tape, at, sorted: false, to: &room) else { return false }
      }
      at = Int(tape.entries[at + 1].next)
    }
    guard !sorted || members(tape, &keys, to: &room) else { return false }
    room.append("}")
    return true
  }

  /// Members by the entries of their keys, sorted by key, in canonical form, with commas between.
  static func members(
    _ tape: borrowing JSONTape, _ keys: inout [Int], to room: inout ByteRoom
  ) -> Bool {
    for key in keys where tape.entries[key].flags & UInt8(ORC_JSON_ESCAPED) != 0 { return false }
    // Insertion: members are few, and often in order. Many are left to the library.
    if keys.count <= 32 {
      for index in keys.indices.dropFirst() {
        var at = index
        while at > 0, tape.precedes(keys[at], keys[at - 1]) {
          keys.swapAt(at, at - 1)
          at -= 1
        }
      }
    } else {
      let entries = UnsafePointer(tape.entries)
      let text = tape.text
      keys.sort { JSONTape.precedes(entries[$0], entries[$1], text) }
    }
    for (number, key) in keys.enumerated() {
      if number > 0 { room.append(",") }
      guard member(tape, key, sorted: true, to: &room) else { return false }
    }
    return true
  }

  static func member(
    _ tape: borrowing JSONTape, _ key: Int, sorted: Bool, to room: inout ByteRoom
  ) -> Bool {
    string(tape, key, to: &room)
    room.append(":")
    return value(tape, key + 1, sorted: sorted, to: &room)
  }

  private static func string(
    _ tape: borrowing JSONTape, _ index: Int, to room: inout ByteRoom
  ) {
    room.append("\"")
    room.append(inside: tape.entries[index], of: tape.text)
    room.append("\"")
  }
}
