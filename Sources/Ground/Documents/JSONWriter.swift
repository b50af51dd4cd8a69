private import CKernels

/// Writes JSON text; two forms, both deterministic.
package enum JSONWriter {
  /// Compact JSON with members in the order they have. Non-ASCII text stays UTF-8; control
  /// characters are escaped. Numbers are the shortest text that reads back to the same value.
  package static func compact(_ value: JSONValue) -> String {
    var out: [UInt8] = []
    append(value, sorted: false, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// The canonical form that digests are taken of: compact, members sorted by the UTF-8 bytes of
  /// their keys, integral numbers written as integers.
  package static func canonical(_ value: JSONValue) -> [UInt8] {
    var out: [UInt8] = []
    append(value, sorted: true, to: &out)
    return out
  }

  /// Appends `value` to `out`; `sorted` selects the canonical form.
  package static func append(_ value: JSONValue, sorted: Bool, to out: inout [UInt8]) {
    switch value {
    case .null: out += "null".utf8
    case .bool(let flag): out += (flag ? "true" : "false").utf8
    case .integer(let number): out += String(number).utf8
    case .number(let number): appendNumber(number, sorted: sorted, to: &out)
    case .string(let text): appendString(text, to: &out)
    case .array(let items):
      out.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        append(item, sorted: sorted, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      let ordered =
        sorted
        ? members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : members
      out.append(UInt8(ascii: "{"))
      for (index, member) in ordered.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        appendString(member.key, to: &out)
        out.append(UInt8(ascii: ":"))
        append(member.value, sorted: sorted, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func appendNumber(_ number: Double, sorted: Bool, to out: inout [UInt8]) {
    precondition(number.isFinite, "JSON has no infinity and no NaN")
    if sorted, let integer = Int64(exactly: number) {
      out += String(integer).utf8
    } else {
      out += String(number).utf8
    }
  }

  /// Appends `text` with quotes.
  package static func appendString(_ text: String, to out: inout [UInt8]) {
    var text = text
    out.append(UInt8(ascii: "\""))
    text.withUTF8 { appendEscaped($0, to: &out) }
    out.append(UInt8(ascii: "\""))
  }

  /// Appends the inside of the string whose text has these UTF-8 bytes: `\"`, `\\`, `\n`, `\r`, `\t`,
  /// `\u00xx` for other control characters and U+007F, anything else as it is.
  package static func appendEscaped(
    _ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]
  ) {
    guard let base = text.baseAddress, let loops = orc_json_loops_best() else { return }
    var at = 0
    while at < text.count {
      let room = text.count - at + 128
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: min(room, 64 << 10)) { piece in
        var taken = 0
        let count = loops.pointee.escape(
          piece.baseAddress, piece.count, base + at, text.count - at, &taken)
        out.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<count]))
        at += taken
      }
    }
  }
}
