import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

@Suite("JSONReader")
struct JSONReaderTests {
  struct Refused: Sendable, CustomTestStringConvertible {
    var text: String
    var code: String
    var column: Int
    var testDescription: String { text }
    init(_ text: String, _ code: String, _ column: Int) {
      (self.text, self.code, self.column) = (text, code, column)
    }
  }

  static let refused: [Refused] = [
    Refused("", "json.empty", 1), Refused("  ", "json.empty", 3),
    Refused("{\"a\": 1,}", "json.trailing-comma", 9), Refused("[1,]", "json.trailing-comma", 4),
    Refused("[1 2]", "json.unexpected-character", 4), Refused("[1", "json.unexpected-end", 3),
    Refused("{\"é\": 1, \"\\u00e9\": 2}", "json.duplicate-key", 10),
    Refused("{a: 1}", "json.unexpected-character", 2),
    Refused("{\"a\" 1}", "json.unexpected-character", 6),
    Refused("nul", "json.unexpected-character", 1), Refused("NaN", "json.unexpected-character", 1),
    Refused("-Infinity", "json.unexpected-character", 2), Refused("01", "json.leading-zero", 1),
    Refused("-", "json.unexpected-end", 2), Refused("1.", "json.unexpected-end", 3),
    Refused("1e", "json.unexpected-end", 3), Refused("1e999", "json.number-range", 1),
    Refused("1e1000000000", "json.number-range", 1), Refused("\"a", "json.unclosed-string", 1),
    Refused("\"a\\", "json.unclosed-string", 3), Refused("\"\\q\"", "json.bad-escape", 2),
    Refused("\"\\u12G4\"", "json.bad-escape", 2), Refused("\"x\\ud800\"", "json.lone-surrogate", 3),
    Refused("\"\\udc00\\ud800\"", "json.lone-surrogate", 2),
    Refused("\"abcdefghij\tk\"", "json.control-character", 12), Refused("1 2", "json.surplus", 3),
    Refused(String(repeating: "[", count: 200), "json.too-deep", 129),
    Refused("'a'", "json.unexpected-character", 1), Refused("// c", "json.unexpected-character", 1),
  ]

  @Test("refuses what is not JSON, with its column", arguments: refused)
  func refuses(_ item: Refused) throws {
    let failure = try #require(throws: Failure.self) {
      try JSONReader.parse(Array(item.text.utf8), file: "x", line: 7)
    }
    #expect(failure.diagnostics.map(\.code) == [item.code])
    #expect(failure.diagnostics[0].span == SourceSpan(file: "x", line: 7, column: item.column))
  }

  @Test("equal keys are found in large objects too")
  func largeObjects() throws {
    let keys = (0..<100).map { "\"k\($0)\": \($0)" }
    let good = "{\(keys.joined(separator: ", "))}"
    #expect(try JSONReader.parse(Array(good.utf8), file: "x").objectValue?.count == 100)
    let bad = "{\(keys.joined(separator: ", ")), \"k57\": 1}"
    #expect(throws: Failure.self) { try JSONReader.parse(Array(bad.utf8), file: "x") }
    let equivalent = "{\"\u{e9}\": 1, \"e\u{301}\": 2}"
    #expect(try JSONReader.parse(Array(equivalent.utf8), file: "x").objectValue?.count == 2)
  }

  @Test("numbers keep their kind and their value")
  func numbers() throws {
    let expected: [(String, JSONValue)] = [
      ("0", .integer(0)), ("-1", .integer(-1)), ("-0", .number(-0.0)), ("1E+2", .number(100)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(0x1p63)),
      ("999999999999999999", .integer(999_999_999_999_999_999)),
      ("0.1", .number(0.1)), ("2e-4", .number(2e-4)),
      ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
      ("5e-324", .number(.leastNonzeroMagnitude)),
      ("123456789012345678.5", .number(123456789012345678.5)),
      ("0.000000000000000000000001", .number(1e-24)), ("0.0", .number(0)),
    ]
    for (text, value) in expected {
      #expect(try JSONReader.parse(Array(text.utf8), file: "x") == value, "\(text)")
    }
    #expect(try JSONReader.parse(Array("-0".utf8), file: "x").doubleValue?.sign == .minus)
  }

  @Test("decimal fractions read as the standard library reads them")
  func fractions() throws {
    var state: UInt64 = 7
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let digits = String((state >> 12) % 10_000_000_000_000_000)
      let text = "\(digits.prefix(Int(state % 5) + 1)).\(digits)e\(Int(state >> 40 % 60) % 30 - 15)"
      let body = text.hasPrefix("0") && !text.hasPrefix("0.") ? "1" + text : text
      #expect(
        try JSONReader.parse(Array(body.utf8), file: "x").doubleValue == Double(body)!, "\(body)")
    }
  }

  @Test("strings of every length and every position of an escape")
  func strings() throws {
    for length in 0..<40 {
      let plain = String(repeating: "a", count: length)
      #expect(try JSONReader.parse(Array("\"\(plain)\"".utf8), file: "x") == .string(plain))
      for (raw, meaning) in [
        ("\\n", "\n"), ("é", "é"), ("\\ud83d\\ude00", "😀"), ("\\u0000", "\u{0}"),
      ] {
        let text = plain + raw + plain
        #expect(
          try JSONReader.parse(Array("[\"\(text)\"]".utf8), file: "x")
            == .array([.string(plain + meaning + plain)]))
      }
    }
  }

  @Test("what the writer writes reads back")
  func roundTrip() throws {
    let value = JSONValue.object([
      "b": .array([1, 2.5, .null, true, "é\n\u{1}\"\\"]), "a": .object(["": .integer(.min)]),
    ])
    #expect(try JSONReader.parse(Array(JSONWriter.compact(value).utf8), file: "x") == value)
    #expect(
      String(decoding: JSONWriter.canonical(value), as: UTF8.self)
        == "{\"a\":{\"\":-9223372036854775808},\"b\":[1,2.5,null,true,\"é\\n\\u0001\\\"\\\\\"]}")
  }

  @Test("a byte order mark is ignored at the start of a file only")
  func mark() throws {
    let bytes = Array("\u{FEFF}{\"a\": x}".utf8)
    let failure = try #require(throws: Failure.self) { try JSONReader.parse(bytes, file: "x") }
    #expect(failure.diagnostics[0].span?.column == 7)
    #expect(try JSONReader.parse(Array("\u{FEFF}1".utf8), file: "x") == 1)
    #expect(throws: Failure.self) {
      try JSONReader.parse(Array("\u{FEFF}1".utf8), file: "x", line: 2)
    }
  }
}

/// The jsonl cases that are about JSON itself; those about records are tested with the readers of
/// records.
@Suite("hostile JSON lines", .enabled(if: SharedMaterial.hostile.exists))
struct HostileJSONLinesTests {
  static let aboutRecords: Set = [
    "scalar-line", "null-text", "number-text", "missing-text", "bad-role", "array-file", "utf16",
    "empty", "gzip", "long-line-50mb", "many-lines-2m",
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var verdict: String
    var line: Int?
    var hint: String?
    var testDescription: String { file }
  }

  static let cases: [Case] = {
    guard SharedMaterial.hostile.exists,
      let bytes = try? SharedMaterial.bytes(SharedMaterial.hostile.path("manifest.json")),
      let manifest = try? JSONReader.parse(bytes, file: "manifest.json")
    else { return [] }
    return (manifest["cases"]?.arrayValue ?? []).compactMap { item in
      guard item["parser"]?.stringValue == "jsonl", let file = item["file"]?.stringValue,
        let verdict = item["verdict"]?.stringValue,
        !aboutRecords.contains(String(file.dropFirst(6).dropLast(6)))
      else { return nil }
      return Case(
        file: file, verdict: verdict, line: item["line"]?.integerValue,
        hint: item["hint"]?.stringValue)
    }
  }()

  @Test("verdict, line and hint", arguments: cases)
  func verdict(_ hostile: Case) throws {
    let bytes = try SharedMaterial.bytes(SharedMaterial.hostile.path(hostile.file))
    var failures: [Diagnostic] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { $0 > 0x20 || $0 == 0 }) {
      do {
        _ = try JSONReader.parse(Array(line), file: hostile.file, line: index + 1)
      } catch let failure as Failure { failures += failure.diagnostics }
    }
    if hostile.verdict == "accept" { #expect(failures.isEmpty) }
    if hostile.verdict == "reject" {
      let first = try #require(failures.first)
      if let line = hostile.line { #expect(first.span?.line == line) }
      if let hint = hostile.hint {
        #expect(DiagnosticRenderer().full(first).lowercased().contains(hint.lowercased()))
      }
    }
  }
}
