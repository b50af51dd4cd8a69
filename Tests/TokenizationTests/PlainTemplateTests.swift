import Diagnostics
import Documents
import Testing
import Tokenization

@Suite struct PlainTemplateTests {
  static let place = SourceSpan(file: "task.yaml", line: 4, column: 14)

  static func text(_ source: String, _ variables: JSONValue) throws -> String {
    try PlainTemplate(source, at: place).text(TemplateVariables(variables))
  }

  @Test(
    "white space is what the source says, as Jinja has it by default",
    arguments: [
      ("a\n", "a\n"), ("  {% if true %}\n x\n{% endif %}\n", "  \n x\n\n"),
      ("{%- if true -%} x {%- endif %}\n", "x\n"), ("{# c #}\nb", "\nb"), ("{{ 'é' }}\r\n", "é\n"),
      ("{{choices.label.index(key)}}: {{choices.text}}", "1: ['a', 'b']"),
      ("{{ n }} {{ none }} {{ f }} {{ t }}", "3 None 1.5 True"),
      ("{{ missing if missing is defined else n }}", "3"), ("{{ missing | default('d') }}", "d"),
    ])
  func renders(_ source: String, _ expected: String) throws {
    let variables: JSONValue = [
      "choices": ["label": ["A", "B"], "text": ["a", "b"]], "key": "B", "n": 3, "none": .null,
      "f": 1.5, "t": true,
    ]
    #expect(try Self.text(source, variables) == expected)
  }

  @Test(
    "errors stand where the template does",
    arguments: [
      (
        "{{ query }}",
        "task.yaml:4:14: error[template.undefined]: the template does not render: 'query' is undefined"
      ),
      (
        "{{ query | upper }}",
        "task.yaml:4:14: error[template.undefined]: the template does not render: 'query' is undefined"
      ),
      (
        "{% if x %}",
        "task.yaml:4:14: error[template.syntax]: the template does not render: the block 'if' is never closed"
      ),
    ])
  func errors(_ source: String, _ message: String) {
    #expect {
      try Self.text(source, .object([]))
    } throws: { error in
      let diagnostic = (error as? Failure)?.diagnostics.first
      return diagnostic.map { DiagnosticRenderer().headline($0) } == message + "\n"
    }
  }
}
