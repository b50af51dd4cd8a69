import Diagnostics
import Documents
import Testing

@Suite("YAMLReader")
struct YAMLReaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var text: String
    /// The place of the first diagnostic.
    var line: Int
    var column: Int
    var message: String
    var testDescription: String { id }

    init(_ id: String, _ text: String, _ line: Int, _ column: Int, _ message: String) {
      (self.id, self.text, self.line, self.column, self.message) = (id, text, line, column, message)
    }
  }

  static let refused: [Case] = [
    Case(
      "unclosed quote closed by a later one", "a: \"open\nb: \"x\"\n", 1, 4,
      "the quote opened here is not closed"),
    Case(
      "unclosed single quote in a list", "a:\n  - 'x\n  - y\n", 2, 5,
      "the quote opened here is not closed"),
    Case(
      "unclosed quote before a document mark", "a: \"x\n---\nb: 1\n", 1, 4,
      "the quote opened here is not closed"),
    Case(
      "unclosed bracket", "a: 1\nneeds: [x, y\nb: 2\n", 2, 8,
      "the '[' opened here is not closed"),
    Case(
      "unclosed inner brace", "a: [x, {y: 1]\nb: 2\n", 1, 8,
      "the '{' opened here is not closed"),
    Case("unclosed brace at the end", "a: {x: 1\n", 1, 4, "the '{' opened here is not closed"),
    Case(
      "unclosed bracket with a quoted bracket inside", "a: [x, ']', y\nb: 2\n", 1, 4,
      "the '[' opened here is not closed"),
    Case(
      "unclosed bracket before a list", "a: [x\n- y\n", 1, 4,
      "the '[' opened here is not closed"),
    Case(
      "unclosed bracket after an anchor", "a: &n [x\nb: 2\n", 1, 7,
      "the '[' opened here is not closed"),
    Case(
      "missing comma in a closed mapping", "a: {\n  x: 1\n  y: 2\n}\n", 3, 4,
      "while parsing a flow mapping: did not find expected ',' or '}'"),
    Case(
      "tab as indentation", "a:\n\tb: 1\n", 2, 1,
      "a tab stands where YAML wants spaces for indentation"),
    Case(
      "tab in a deeper line", "a:\n  b:\n  \tc: 1\n", 3, 3,
      "a tab stands where YAML wants spaces for indentation"),
    Case("at sign", "a: @x\n", 1, 4, "a value cannot start with '@'"),
    Case("percent", "a: %x\n", 1, 4, "a value cannot start with '%'"),
    Case(
      "glob taken for an alias", "path: *.jsonl\n", 1, 7,
      "'*' starts the name of an anchor or alias"),
    Case("second colon", "a: b: c\n", 1, 5, "a ': ' stands where no key can be"),
    Case("line without a colon", "a: 1\nb\nc: 2\n", 2, 1, "this line has no ':' after its key"),
    Case(
      "dedent", "a:\n    b: 1\n  c: 2\n", 3, 3,
      "expected a key at the indentation of the mapping it belongs to"),
    Case(
      "list dedent", "a:\n   - x\n  - y\n", 3, 3,
      "expected a key at the indentation of the mapping it belongs to"),
    Case("bad escape", "a: \"x\\q\"\n", 1, 6, "an unknown escape in a double-quoted text"),
    Case(
      "duplicate key deep down", "a:\n  b:\n    c: 1\n    d: 2\n    c: 3\n", 5, 5,
      "the key 'c' is given twice"),
    Case(
      "duplicate key of two scripts of escapes", "\"\\u00e9\": 1\n\u{e9}: 2\n", 2, 1,
      "the key '\u{e9}' is given twice"),
    Case(
      "merge key", "a: &a {x: 1}\nb:\n  <<: *a\n", 3, 3,
      "merge keys ('<<') are YAML 1.1 and are not read"),
    Case("list as a key", "? [a]\n: 1\n", 1, 3, "a key is a list, expected a text"),
    Case("no key", "?\n: 1\n", 1, 2, "a key is missing here"),
    Case(
      "self alias", "a: &x\n  b: [*x]\n", 2, 7,
      "the alias '*x' stands inside the value it names"),
    Case(
      "unknown alias", "anchor: &base 1\nb: *bsae\n", 2, 4,
      "the alias '*bsae' has no anchor '&bsae' before it"),
    Case(
      "foreign tag on a mapping", "a: !!omap {x: 1}\n", 1, 4, "the tag '!!omap' is not read here"),
    Case("tag that does not fit", "a: !!int x\n", 1, 4, "'x' does not fit its tag '!!int'"),
    Case(
      "text after the end mark", "a: 1\n...\nb: 2\n", 3, 1,
      "more text follows the end of the document, expected one document"),
    Case(
      "text after a top bracket", "{a: 1} x\n", 1, 8,
      "more text follows the end of the document, expected one document"),
    Case(
      "second document", "a: 1\n---\nb: 2\n", 2, 1,
      "a second document starts here, expected one document"),
    Case("nothing", "\n# only a comment\n", 1, 1, "the file is empty: it holds no value"),
    Case("null", "---\n~\n", 1, 1, "the file is empty: it holds no value"),
    Case(
      "old version", "%YAML 2.0\n---\na: 1\n", 1, 1, "this YAML version is not read, expected 1.2"),
    Case("DEL", "a: x\u{7F}\n", 1, 5, "the character U+007f is not allowed in YAML"),
    Case(
      "C1 control in a second line", "a: é\nb: \u{9B}\n", 2, 4,
      "the character U+009b is not allowed in YAML"),
    Case(
      "UTF-16 without a mark", "a\u{0}:\u{0} \u{0}1\u{0}", 1, 1,
      "the file is UTF-16, only UTF-8 is read"),
  ]

  @Test("names the place and the cause", arguments: refused)
  func refuses(_ item: Case) throws {
    let failure = try #require(throws: Failure.self) {
      try YAMLReader.parse(Array(item.text.utf8), file: "p.yaml")
    }
    let first = try #require(failure.diagnostics.first)
    #expect(first.message == item.message)
    #expect(first.span?.line == item.line)
    #expect(first.span?.column == item.column)
  }

  @Test("finds every duplicate key, tag and alias at once")
  func allAtOnce() throws {
    let text = "a: 1\na: 2\nb: !x 1\nc: *none\nd: {e: 1, e: 2}\n"
    let failure = try #require(throws: Failure.self) {
      try YAMLReader.parse(Array(text.utf8), file: "p.yaml")
    }
    #expect(
      failure.diagnostics.map(\.code) == [
        "yaml.duplicate-key", "yaml.unknown-tag", "yaml.unknown-alias", "yaml.duplicate-key",
      ])
    #expect(failure.diagnostics[0].related[0].span.line == 1)
  }

  struct Value: Sendable, CustomTestStringConvertible {
    var yaml: String
    var json: String
    var testDescription: String { yaml }
    init(_ yaml: String, _ json: String) { (self.yaml, self.json) = (yaml, json) }
  }

  static let values: [Value] = [
    Value("0x1f", "31"), Value("0x-5", "\"0x-5\""), Value("0o17", "15"), Value("0o8", "\"0o8\""),
    Value("+12", "12"), Value("-0", "0"), Value("1.", "1"), Value(".5", "0.5"), Value("+.5e1", "5"),
    Value("1e3", "1000"), Value("2e-4", "0.0002"), Value("1e", "\"1e\""), Value(".", "\".\""),
    Value("1_000", "\"1_000\""), Value("0b1", "\"0b1\""), Value("12:30", "\"12:30\""),
    Value("no", "\"no\""), Value("True", "true"), Value("tRUE", "\"tRUE\""), Value("~", "null"),
    Value("NULL", "null"), Value("nuLL", "\"nuLL\""), Value(".inf", "\".inf\""),
    Value(".nan", "\".nan\""), Value("1e999", "\"1e999\""), Value("'1'", "\"1\""),
    Value("! 12", "\"12\""), Value("!!str true", "\"true\""), Value("!!float 1", "1"),
    Value("!!null ''", "null"), Value("!!bool 'true'", "true"),
    Value("9223372036854775808", "9.223372036854776e+18"),
    Value("-9223372036854775808", "-9223372036854775808"), Value("۳", "\"۳\""),
    Value("\"a\\u2028\\N\"", "\"a\u{2028}\u{85}\""),
    Value("\"\\ue000\u{2028}\"", "\"\u{e000}\u{2028}\""),
    Value("x\u{85}y\u{2029}z", "\"x\u{85}y\u{2029}z\""),
    Value("\"\\/\\e\\0\"", "\"/\\u001b\\u0000\""),
  ]

  @Test("types plain scalars by the core schema", arguments: values)
  func types(_ item: Value) throws {
    let node = try YAMLReader.parse(Array("v: \(item.yaml)\n".utf8), file: "p.yaml")
    let value = try #require(CoreSchema.json(node)["v"])
    #expect(String(decoding: JSONWriter.canonical(value), as: UTF8.self) == item.json)
  }

  @Test("spans count scalars, also behind wide characters and in lines ended by CR")
  func spans() throws {
    let text = "\u{FEFF}a: 日本 # x\rb:\r\n  \"k\u{2028}\": {x: é, y: zed}\n"
    let node = try YAMLReader.parse(Array(text.utf8), file: "p.yaml")
    let entry = try #require(node["b"]?.mapping?.first)
    #expect(entry.name == "k\u{2028}")
    #expect(entry.key.span == SourceSpan(file: "p.yaml", line: 3, column: 3, length: 4))
    #expect(entry.value["y"]?.span == SourceSpan(file: "p.yaml", line: 3, column: 19, length: 3))
    #expect(node["a"]?.span == SourceSpan(file: "p.yaml", line: 1, column: 4, length: 2))
  }

  @Test("aliases share a value and keep the place where they stand")
  func aliases() throws {
    let node = try YAMLReader.parse(Array("a: &x 1\nb: *x\n".utf8), file: "p.yaml")
    #expect(node["b"]?.scalar?.text == "1")
    #expect(node["b"]?.span.line == 2)
  }

  @Test("depth counts through aliases")
  func depthThroughAliases() {
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    let text = "a: &a \(deep)\nb: \(deep.dropLast(60))*a\(deep.dropFirst(60))\n"
    #expect(throws: Failure.self) { try YAMLReader.parse(Array(text.utf8), file: "p.yaml") }
  }

  @Test("every truncation and every changed byte of a document ends in a value or a diagnostic")
  func mutations() throws {
    let text = Array(
      "# c\nname: x\nparams: {lr: 2e-4, p: &a ./x}\nstages:\n  s:\n    uses: \"i\\n\"\n    with:\n      - *a\n      - |-\n        t\n"
        .utf8)
    for end in 0..<text.count {
      _ = try? YAMLReader.parse(Array(text[..<end]), file: "p.yaml")
    }
    for index in text.indices {
      for byte: UInt8 in [0, 9, 10, 0x22, 0x27, 0x2A, 0x3A, 0x5B, 0x7B, 0x80, 0xE2, 0xFF] {
        var changed = text
        changed[index] = byte
        do {
          _ = try YAMLReader.parse(changed, file: "p.yaml")
        } catch let failure as Failure {
          let places = failure.diagnostics.compactMap(\.span)
          #expect(places.count == failure.diagnostics.count)
          _ = DiagnosticRenderer(sources: ["p.yaml": changed]).text(failure.diagnostics)
        }
      }
    }
  }
}
