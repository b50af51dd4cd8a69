internal import CKernels
internal import Documents

/// Finds the texts of a stored row on its tape, in the order of ``RowContent/texts``.
enum StoredTexts {
  /// Calls `body` with each text; false, before any call, when the line is not as ``RowCodec``
  /// writes it and must be read as a tree.
  static func forEach(
    _ tape: borrowing JSONTape, _ scratch: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws -> Bool {
    if let index = plainText(tape) {
      try body(tape.bytes(index, &scratch))
      return true
    }
    guard let columns = columns(tape) else { return false }
    for column in columns where !check(tape, column) { return false }
    for column in columns {
      switch column {
      case .text(let index): try body(tape.bytes(index, &scratch))
      case .messages(let index): try forEachTurn(tape, index, &scratch, body)
      }
    }
    return true
  }

  /// The text of a row that holds one text alone, the most frequent kind in large corpora.
  private static func plainText(_ tape: borrowing JSONTape) -> Int? {
    guard tape.isKind(0, ORC_JSON_OBJECT), let type = tape.member(0, "type"),
      tape.isPlain(type, "text"), let index = tape.member(0, "text"),
      tape.isKind(index, ORC_JSON_STRING)
    else { return nil }
    return index
  }

  /// Where texts are: entries of values.
  private enum Column {
    case text(Int)
    case messages(Int)
  }

  private static func columns(_ tape: borrowing JSONTape) -> [Column]? {
    guard tape.isKind(0, ORC_JSON_OBJECT), let type = tape.member(0, "type") else { return nil }
    func find(_ names: [String], _ make: (Int) -> Column) -> [Column]? {
      var columns: [Column] = []
      for name in names {
        guard let index = tape.member(0, name) else { return nil }
        columns.append(make(index))
      }
      return columns
    }
    if tape.isPlain(type, "conversation") { return find(["messages"], Column.messages) }
    if tape.isPlain(type, "completion") { return find(["prompt", "completion"], Column.text) }
    if tape.isPlain(type, "preference") {
      return find(["prompt", "chosen", "rejected"], Column.messages)
    }
    return nil
  }

  private static func check(_ tape: borrowing JSONTape, _ column: Column) -> Bool {
    switch column {
    case .text(let index): return tape.isKind(index, ORC_JSON_STRING)
    case .messages(let list):
      guard tape.isKind(list, ORC_JSON_ARRAY) else { return false }
      var turn = list + 1
      while turn < Int(tape.entries[list].next) {
        guard isTurn(tape, turn) else { return false }
        turn = Int(tape.entries[turn].next)
      }
      return true
    }
  }

  /// `role` and `content` first, as they are written.
  private static func isTurn(_ tape: borrowing JSONTape, _ turn: Int) -> Bool {
    let end = Int(tape.entries[turn].next)
    guard tape.isKind(turn, ORC_JSON_OBJECT), end - turn >= 5, tape.isPlain(turn + 1, "role"),
      tape.isPlain(turn + 3, "content"), tape.isKind(turn + 4, ORC_JSON_STRING)
    else { return false }
    return tape.isPlain(turn + 2, "user") || tape.isPlain(turn + 2, "assistant")
      || tape.isPlain(turn + 2, "system") || tape.isPlain(turn + 2, "tool")
  }

  private static func forEachTurn(
    _ tape: borrowing JSONTape, _ list: Int, _ scratch: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    var turn = list + 1
    while turn < Int(tape.entries[list].next) {
      let end = Int(tape.entries[turn].next)
      try body(tape.bytes(turn + 4, &scratch))
      let hasTrain = end - turn >= 7 && tape.isPlain(turn + 5, "train")
      try forEachMember(
        tape, hasTrain ? Int(tape.entries[turn + 6].next) : turn + 5, end, &scratch, body)
      turn = end
    }
  }

  /// The texts inside the members that start at entry `start`.
  private static func forEachMember(
    _ tape: borrowing JSONTape, _ start: Int, _ end: Int, _ scratch: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    var at = start
    while at < end {
      let isText =
        !tape.isPlain(at, "id") && !tape.isPlain(at, "type")
        && !tape.isPlain(at, "tool_call_id")
      if isText { try forEachText(tape, at + 1, &scratch, body) }
      at = Int(tape.entries[at + 1].next)
    }
  }

  private static func forEachText(
    _ tape: borrowing JSONTape, _ index: Int, _ scratch: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    let end = Int(tape.entries[index].next)
    switch Int(tape.entries[index].kind) {
    case ORC_JSON_STRING: try body(tape.bytes(index, &scratch))
    case ORC_JSON_OBJECT: try forEachMember(tape, index + 1, end, &scratch, body)
    case ORC_JSON_ARRAY:
      var at = index + 1
      while at < end {
        try forEachText(tape, at, &scratch, body)
        at = Int(tape.entries[at].next)
      }
    default: break
    }
  }
}
