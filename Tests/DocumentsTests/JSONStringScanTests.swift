import CKernels
import Diagnostics
import Documents
import Testing

/// Where a string ends, and whether it is written as it is read, at every instruction set.
@Suite("JSON strings, block by block")
struct JSONStringScanTests {
  static let plain = ["a", "uuuu", "dd88", "漢", "\u{80}"]
  static let written = ["\\n", "\\r", "\\t", "\\\"", "\\\\"]
  static let rewritten = [
    "\\/", "\\b", "\\f", "\\u00e9", "\\u0906", "\\uFFFF", "\\ud7ff", "\\uE000", "\\uD83D\\uDE42",
    "\\u0000", "\\u005c", "\u{7f}",
  ]
  static let wrong = [
    "\\", "\\u12", "\\u00g0", "\\uD83D", "\\uDE42", "\\ud83d\\u0041", "\\x", "\u{1}", "\n",
    "\\uD83D\\",
  ]

  /// The verdict on `"string"` with something after it, and the flags of the string.
  static func scan(_ bytes: [UInt8], _ level: orc_json_level) -> (
    verdict: Int32, entry: orc_json_entry
  ) {
    var tape = [orc_json_entry](repeating: orc_json_entry(), count: 8)
    var count = 0
    let verdict = orc_json_loops_at(level)!.pointee.scan(bytes, bytes.count, &tape, 8, &count)
    return (verdict, tape[1])
  }

  @Test(
    "verdict, end and flags are those of what the string is made of",
    arguments: JSONTapeTests.levels)
  func pieces(_ level: orc_json_level) {
    var dice = JSONTapeTests.Dice(state: 23)
    for round in 0..<6000 {
      var text = String(repeating: "x", count: Int.random(in: 0..<70, using: &dice))
      var isEscaped = false
      var isRewritten = false
      let hasFault = round % 4 == 0
      let count = Int.random(in: 0..<24, using: &dice)
      let fault = Int.random(in: 0...count, using: &dice)
      for index in 0...count {
        if hasFault, index == fault {
          // What follows must not complete it.
          text += Self.wrong.randomElement(using: &dice)! + "zzzz"
        }
        let kind = [Self.plain, Self.written, Self.rewritten].randomElement(using: &dice)!
        let piece = kind.randomElement(using: &dice)!
        text += piece
        isEscaped = isEscaped || piece.hasPrefix("\\")
        isRewritten = isRewritten || kind == Self.rewritten
      }
      let tail = String(repeating: " ", count: Int.random(in: 0..<80, using: &dice))
      let (verdict, entry) = Self.scan(Array("[\"\(text)\"\(tail)]".utf8), level)
      #expect((verdict == ORC_JSON_RIGHT) == !hasFault, "\(text)")
      guard verdict == ORC_JSON_RIGHT else { continue }
      #expect(entry.start == 2 && Int(entry.length) == text.utf8.count, "\(text)")
      #expect((entry.flags & UInt8(ORC_JSON_ESCAPED) != 0) == isEscaped, "\(text)")
      #expect((entry.flags & UInt8(ORC_JSON_REWRITTEN) != 0) == isRewritten, "\(text)")
    }
  }

  @Test("a string that is not flagged is written as it is read", arguments: JSONTapeTests.levels)
  func flagged(_ level: orc_json_level) throws {
    let loops = orc_json_loops_at(level)!.pointee
    var dice = JSONTapeTests.Dice(state: 29)
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0..<40, using: &dice))
        .map { _ in (Self.plain + Self.written + Self.rewritten).randomElement(using: &dice)! }
        .joined()
      let raw = Array(text.utf8)
      let written = JSONTapeTests.pieces(raw, 6 * raw.count + 65, loops.rewrite)
      let (verdict, entry) = Self.scan(Array("[\"\(text)\"]".utf8), level)
      #expect(verdict == ORC_JSON_RIGHT)
      if entry.flags & UInt8(ORC_JSON_REWRITTEN) == 0 { #expect(written == raw) }
      let json = Array("\"\(text)\"".utf8)
      let slow = try json.withUnsafeBufferPointer {
        try JSONReader.parseSlowly($0, file: "x", line: 2)
      }
      #expect(written == Array(JSONWriter.canonical(slow).dropFirst().dropLast()))
    }
  }

  @Test(
    "every number of backslashes before a quote, wherever it lies", arguments: JSONTapeTests.levels)
  func backslashes(_ level: orc_json_level) {
    for before in 0..<66 {
      for count in 0..<140 where count < 6 || count > 60 {
        let text = String(repeating: "x", count: before) + String(repeating: "\\", count: count)
        let (verdict, entry) = Self.scan(Array("[\"\(text)\"]".utf8), level)
        // An odd one takes the quote into the string, which then has no end.
        #expect((verdict == ORC_JSON_RIGHT) == (count % 2 == 0))
        if count % 2 == 0 { #expect(Int(entry.length) == before + count) }
      }
    }
  }

  @Test("a plain decimal is one that is written as it is read", arguments: JSONTapeTests.levels)
  func decimals(_ level: orc_json_level) throws {
    var dice = JSONTapeTests.Dice(state: 31)
    var plain = 0
    for _ in 0..<20_000 {
      let whole = String(UInt64.random(in: 0...UInt64(pow10(&dice)), using: &dice))
      let places = Int.random(in: 1...16, using: &dice)
      var fraction = (0..<places).map { _ in "0000123456789".randomElement(using: &dice)! }
      if Bool.random(using: &dice) { fraction[places - 1] = "5" }
      let sign = Bool.random(using: &dice) ? "-" : ""
      let exponent = Int.random(in: 0..<9, using: &dice) == 0 ? "e1" : ""
      let text = "\(sign)\(whole).\(String(fraction))\(exponent)"
      let (verdict, entry) = Self.scan(Array("[\(text)]".utf8), level)
      #expect(verdict == ORC_JSON_RIGHT)
      let isPlain = entry.flags & UInt8(ORC_JSON_PLAIN_DECIMAL) != 0
      let written = String(try #require(Double(text)))
      if isPlain { #expect(written == text) }
      // Nothing of up to 15 digits is missed, but whole numbers, which have another sorted form.
      if whole.count + places <= 15, exponent.isEmpty, fraction.contains(where: { $0 != "0" }) {
        #expect(isPlain == (written == text))
      }
      plain += isPlain ? 1 : 0
    }
    #expect(plain > 5000)
  }

  private func pow10(_ dice: inout JSONTapeTests.Dice) -> Double {
    [0, 9, 1e3, 1e8, 1e14].randomElement(using: &dice)!
  }
}
