package import Diagnostics

/// A Jinja template of a text that is no conversation, as lm-evaluation-harness sets Jinja up:
/// white space stays as it is written, and printing a name that has no value is an error.
///
/// ```swift
/// let template = try PlainTemplate("Question: {{question}}\nAnswer:", at: span)
/// try template.text(TemplateVariables(["question": "Why?"]))
/// ```
package final class PlainTemplate: Sendable {
  package let source: String
  private let span: SourceSpan
  private let body: [TemplateStatement]
  private let names: [String: Int]

  /// - Parameter span: where the template stands; errors are told there.
  /// - Throws: ``Failure`` for syntax errors and tags that are not supported.
  package init(_ source: String, at span: SourceSpan) throws {
    self.source = source
    self.span = span
    do throws(TemplateError) {
      var parser = try TemplateParser(Array(source.utf8), style: .plain)
      body = try parser.parse()
      names = parser.names
    } catch {
      throw Self.failure(error, span)
    }
  }

  /// - Throws: ``Failure`` for a name without a value, and for what breaks a bound.
  package func text(_ variables: TemplateVariables) throws -> String {
    let run = TemplateRun(date: nil, nameCount: names.count, isStrict: true)
    for (name, value) in variables.values {
      if let id = names[name] { run.root.set(id, value) }
    }
    do throws(TemplateError) {
      return try run.render(body).string
    } catch {
      throw Self.failure(error, span)
    }
  }

  private static func failure(_ error: TemplateError, _ span: SourceSpan) -> Failure {
    Diagnostic(
      "template.\(error.kind.rawValue)", "the template does not render: \(error.message)", at: span,
      fix: error.kind == .undefined
        ? "name a field that every document has, or test it: {{x if x is defined else ''}}" : nil
    ).failure(.badInput)
  }
}
