import Diagnostics
import Testing

@Suite("DiagnosticRenderer")
struct DiagnosticRendererTests {
  private func render(_ source: String, column: Int, length: Int, width: Int = 100) -> String {
    let diagnostic = Diagnostic(
      "spec.x", "wrong", at: SourceSpan(file: "p.yaml", line: 2, column: column, length: length),
      fix: "write it right")
    return DiagnosticRenderer(sources: ["p.yaml": Array("first\n\(source)\n".utf8)], width: width)
      .full(diagnostic)
  }

  @Test("place, excerpt, caret, fix")
  func plain() {
    #expect(
      render("  learning_rte: 2e-4", column: 3, length: 12) == """
        p.yaml:2:3: error[spec.x]: wrong
            2 |   learning_rte: 2e-4
              |   ^~~~~~~~~~~~
          fix: write it right

        """)
  }

  @Test("tabs, wide and combining characters keep the caret under its place")
  func widths() {
    #expect(
      render("\t日e\u{301}x", column: 5, length: 1).contains("|     日e\u{301}x\n      |        ^\n"))
    #expect(render("日本", column: 2, length: 1).contains("| 日本\n      |   ^~\n"))
  }

  @Test("control and bidirectional characters are shown escaped")
  func controls() {
    let text = render("a: x\u{1B}[31m\u{202E}y", column: 5, length: 1)
    #expect(text.contains("| a: x\\u{1b}[31m\\u{202e}y\n      |     ^~~~~~\n"))
  }

  @Test("long lines are cut around the caret")
  func longLines() {
    let source = String(repeating: "a", count: 500) + "HERE" + String(repeating: "b", count: 500)
    let lines = render(source, column: 501, length: 4, width: 40).split(separator: "\n")
    #expect(lines[1].hasPrefix("    2 | …a"))
    #expect(lines[1].hasSuffix("b…"))
    let caret = lines[2].firstIndex(of: "^")!
    let at = lines[2].distance(from: lines[2].startIndex, to: caret)
    #expect(Array(lines[1])[at..<(at + 4)] == ["H", "E", "R", "E"])
    #expect(lines[1].count <= 50)
  }

  @Test("a place past the end of the line or the file is no trap")
  func pastTheEnd() {
    #expect(render("ab", column: 9, length: 3).contains("| ab\n      |   ^\n"))
    let outside = Diagnostic("a.b", "m", at: SourceSpan(file: "p.yaml", line: 99, column: 1))
    #expect(
      DiagnosticRenderer(sources: ["p.yaml": []]).full(outside)
        == "p.yaml:99:1: error[a.b]: m\n")
  }

  @Test("three in full, the rest a line each, in source order")
  func many() {
    let all = (1...5).reversed().map {
      Diagnostic("a.b", "m\($0)", at: SourceSpan(file: "p.yaml", line: $0, column: 1))
    }
    let renderer = DiagnosticRenderer(sources: ["p.yaml": Array("1\n2\n3\n4\n5\n".utf8)])
    let text = renderer.text(all + [Diagnostic("z.z", "no place")])
    #expect(text.split(separator: "\n").count == 12)
    #expect(text.hasSuffix("p.yaml:5:1: error[a.b]: m5\nerror[z.z]: no place\n"))
    #expect(text.hasPrefix("p.yaml:1:1: error[a.b]: m1\n    1 | 1\n      | ^\n"))
    let short = renderer.text(all, lineLimit: 5)
    #expect(short.split(separator: "\n").count == 5)
    #expect(
      short.hasSuffix("and 4 more (--all-errors)\n")
        || short.hasSuffix("and 3 more (--all-errors)\n"))
  }

  @Test("colour changes no text")
  func colour() {
    let diagnostic = Diagnostic(
      "a.b", "m", at: SourceSpan(file: "p", line: 1), fix: "f", severity: .warning,
      related: [.init("here", at: SourceSpan(file: "p", line: 1))])
    let plain = DiagnosticRenderer(sources: ["p": Array("x".utf8)]).full(diagnostic)
    var coloured = DiagnosticRenderer(sources: ["p": Array("x".utf8)], usesColor: true)
      .full(diagnostic)
    while let start = coloured.range(of: "\u{1B}["), let end = coloured[start].firstIndex(of: "m") {
      coloured.removeSubrange(start.lowerBound...end)
    }
    #expect(coloured == plain)
    #expect(plain.contains("warning[a.b]: m\n") && plain.contains("  note: p:1:1: here\n"))
  }

  @Test("JSON is one sorted object")
  func json() {
    let failure = Diagnostic("a.b", "m", at: SourceSpan(file: "p", line: 3, column: 2), fix: "f")
      .failure(.badInput)
    #expect(
      failure.json
        == #"{"diagnostics":[{"code":"a.b","column":2,"file":"p","fix":"f","length":1,"line":3,"message":"m","severity":"error"}],"exit_status":65}"#
    )
  }
}

extension String {
  /// The range of the first escape sequence that starts with `prefix`, to the end of the text.
  fileprivate func range(of prefix: String) -> Range<String.Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(prefix) { return at..<endIndex }
      at = index(after: at)
    }
    return nil
  }
}

@Suite("NearestName")
struct NearestNameTests {
  @Test(
    "suggests what is close, and nothing else",
    arguments: [
      ("learning_rte", "learning_rate"), ("Learning_Rate", "learning_rate"), ("epohcs", "epochs"),
      ("zzz", nil), ("ep", nil), ("", nil),
    ] as [(String, String?)])
  func suggestion(_ name: String, _ expected: String?) {
    #expect(
      NearestName.suggestion(for: name, among: ["learning_rate", "epochs", "seed"]) == expected)
  }
}
