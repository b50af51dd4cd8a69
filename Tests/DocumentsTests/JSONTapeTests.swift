import CKernels
import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

/// The tape and the slow reader are two readers of one definition: what one takes, the other takes,
/// with the same values.
@Suite("JSONTape")
struct JSONTapeTests {
  static let levels = [
    ORC_JSON_SCALAR, ORC_JSON_BASE, ORC_JSON_AVX2, ORC_JSON_AVX512, ORC_JSON_VBMI2,
  ]
  .filter { orc_json_loops_at($0) != nil }

  /// Numbers that are the same from run to run.
  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
  }

  static func outcome(_ read: () throws -> JSONValue) -> String {
    do { return "\(try read())" } catch {
      let found = (error as? Failure)?.diagnostics.first
      return "\(found?.code ?? "?") \(found?.message ?? "") \(found?.span?.line ?? 0)"
        + ":\(found?.span?.column ?? 0)"
    }
  }

  /// - Returns: whether the text is JSON.
  @discardableResult
  static func compare(_ bytes: [UInt8], line: Int = 2) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      let slow = outcome { try JSONReader.parseSlowly(bytes, file: "x", line: line) }
      for level in levels {
        let fast = outcome {
          var tape = JSONTape(level: level)
          try tape.read(bytes, file: "x", line: line)
          return tape.value()
        }
        #expect(fast == slow, "level \(level.rawValue): \(Array(bytes))")
      }
      return (try? JSONReader.parseSlowly(bytes, file: "x", line: line)) != nil
    }
  }

  @Test("what the slow reader refuses, the tape refuses with the same words")
  func refused() {
    for item in JSONReaderTests.refused { #expect(!Self.compare(Array(item.text.utf8))) }
  }

  static let awkwardTexts: [String] = [
    "{}", "[]", " [ ] ", "{\"\":{\"\":\"\"}}", "-0", "-0.0", "0", "1e5", "1E-7",
    "123456789012345678",
    "1234567890123456789", "-9223372036854775808", "9223372036854775808", "1e308", "1e309",
    "-1e309",
    "0.1e-400", "1\(String(repeating: "0", count: 299))", "1\(String(repeating: "0", count: 309))",
    "0.\(String(repeating: "0", count: 398))1", "0e\(String(repeating: "0", count: 420))",
    "[1,2,[3,{\"a\":[]}],null,true,false]", "\"\\u0041\\uD83D\\uDE00\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
    "\"\\uD83D\\u0041\"", "\"\\uD83D\"", "\"\\uDE00\"", "\"\\uD83D\\uD83D\"", "\"\\uD83Dx\"",
    "\"\u{7f}\"",
    "{\"a\":1,\"\\u0061\":2}", "{\"a\":1,\"\\u0062\":2}", "{\"é\":1,\"e\u{301}\":2}", "truex",
    "tru",
    "[true false]", "{\"a\":1 \"b\":2}", "{\"a\":1,}", "[1,]", "{,}", "\u{FEFF}1", "1 1",
    "\"a\nb\"",
  ]

  @Test("awkward texts give the same value or the same words", arguments: awkwardTexts)
  func awkward(_ text: String) {
    for line in [1, 2] { Self.compare(Array(text.utf8), line: line) }
  }

  @Test("many keys: repeats are found, and keys that only look alike are not repeats")
  func manyKeys() {
    for count in [2, 47, 48, 49, 500, 2047, 2048, 2100] {
      var members = (0..<count).map { "\"k\($0)\":\($0)" }
      #expect(Self.compare(Array("{\(members.joined(separator: ","))}".utf8)))
      members[count - 1] = "\"\\u006b0\":1"
      #expect(!Self.compare(Array("{\(members.joined(separator: ","))}".utf8)))
    }
    let long = String(repeating: "k", count: 300)
    #expect(Self.compare(Array("{\"\\u0041\(long)\":1,\"\\u0042\(long)\":2}".utf8)))
    #expect(!Self.compare(Array("{\"\\u0041\(long)\":1,\"A\(long)\":2}".utf8)))
  }

  @Test("128 levels are read and 129 are refused")
  func depth() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      for depth in [127, 128, 129] {
        let text =
          String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        #expect(Self.compare(Array(text.utf8)) == (depth <= 128))
      }
    }
  }

  /// A random JSON text, mostly right.
  static func text(_ dice: inout Dice, _ depth: Int = 0) -> String {
    func string() -> String {
      let pieces = [
        "a", "bc def", "\\n", "\\u00e9", "\\ud83d\\ude00", "é", "漢字", "🙂", "\\\"", "\\\\", "\u{7f}",
        "plain text of some length that fills a register", "\\/", "\\u0000",
      ]
      let count = Int.random(in: 0..<12, using: &dice)
      return "\"" + (0..<count).map { _ in pieces.randomElement(using: &dice)! }.joined() + "\""
    }
    let space = ["", "", "", " ", "\n\t "].randomElement(using: &dice)!
    switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &dice) {
    case 0: return space + string() + space
    case 1: return "\(Int.random(in: -1000...1000, using: &dice))"
    case 2: return ["1.5", "-2e10", "0.25E-3", "12345678901234567890"].randomElement(using: &dice)!
    case 3: return ["true", "false", "null"].randomElement(using: &dice)!
    case 4: return string()
    case 5, 6:
      let count = Int.random(in: 0..<6, using: &dice)
      let members = (0..<count).map { "\"k\($0)\"\(space):" + text(&dice, depth + 1) }
      return "{\(space)" + members.joined(separator: ",") + "}"
    default:
      let count = Int.random(in: 0..<6, using: &dice)
      let items = (0..<count).map { _ in text(&dice, depth + 1) }
      return "[" + items.joined(separator: ",\(space)") + "]"
    }
  }

  @Test("random texts, and texts with bytes changed, give the same at every level")
  func random() {
    var dice = Dice(state: 11)
    var right = 0
    for _ in 0..<1200 {
      var bytes = Array(Self.text(&dice).utf8)
      right += Self.compare(bytes) ? 1 : 0
      for _ in 0..<Int.random(in: 1...3, using: &dice) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &dice)
        switch Int.random(in: 0..<3, using: &dice) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
        case 1: bytes.remove(at: at)
        default: bytes.insert(Array("\"\\{}[],:u0é".utf8).randomElement(using: &dice)!, at: at)
        }
      }
      Self.compare(bytes)
    }
    #expect(right == 1200)
  }

  @Test("UTF-8 is judged as Swift judges it, wherever it lies in a block")
  func utf8() {
    let sequences: [[UInt8]] = [
      [0xC3, 0xA9], [0xE6, 0xBC, 0xA2], [0xF0, 0x9F, 0x99, 0x82], [0xC0, 0x80], [0xC1, 0xBF],
      [0xC2],
      [0x80], [0xBF, 0xBF], [0xE0, 0x9F, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF],
      [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBF], [0xE6, 0xBC], [0xE6], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x99], [0xF0, 0x9F], [0xFF], [0xC3, 0xA9, 0xA9],
      [0xE6, 0xBC, 0xA2, 0x80], [0xC3, 0xC3, 0xA9],
    ]
    for before in [0, 1, 13, 29, 30, 31, 32, 62, 63] {
      for after in [0, 1, 31, 40] {
        for sequence in sequences {
          let bytes =
            [UInt8](repeating: 97, count: before) + sequence + [UInt8](repeating: 98, count: after)
          let isValid = String(validating: bytes, as: UTF8.self) != nil
          for level in Self.levels {
            let found = orc_json_loops_at(level)!.pointee.is_utf8(bytes, bytes.count) != 0
            #expect(found == isValid, "level \(level.rawValue), \(sequence) after \(before)")
          }
        }
      }
    }
  }

  @Test("strings are decoded and written as the writer writes them, also in little room")
  func strings() throws {
    var dice = Dice(state: 5)
    for _ in 0..<600 {
      let json = Array(
        "\"\((0..<8).map { _ in Self.text(&dice, 9) }.filter { $0.hasPrefix("\"") }.map { $0.dropFirst().dropLast() }.joined())\""
          .utf8)
      guard let value = try? JSONReader.parse(json, file: "x"), let text = value.stringValue else {
        continue
      }
      let raw = Array(json.dropFirst().dropLast())
      let written = Array(JSONWriter.canonical(value).dropFirst().dropLast())
      for level in Self.levels {
        let loops = orc_json_loops_at(level)!.pointee
        var room = [UInt8](repeating: 0, count: raw.count + 64)
        room.removeLast(room.count - loops.decode(&room, raw, raw.count))
        #expect(room == Array(text.utf8))
        for capacity in [80, 6 * raw.count + 65] {
          #expect(Self.pieces(raw, capacity, loops.rewrite) == written)
          #expect(Self.pieces(Array(text.utf8), capacity, loops.escape) == written)
        }
      }
    }
  }

  typealias Write = (
    UnsafeMutablePointer<UInt8>?, Int, UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Int>?
  ) -> Int

  static func pieces(_ text: [UInt8], _ capacity: Int, _ write: Write?) -> [UInt8] {
    var out: [UInt8] = []
    var at = 0
    while at < text.count {
      var room = [UInt8](repeating: 0, count: capacity)
      var taken = 0
      let count = text.withUnsafeBufferPointer {
        write!(&room, capacity, $0.baseAddress! + at, text.count - at, &taken)
      }
      out += room[..<count]
      if taken == 0 { return [] }
      at += taken
    }
    return out
  }
}
