package import Diagnostics
internal import Reproducibility
internal import StageKit

/// What GitHub's runner reads: annotations on standard output, and the file of outputs.
package enum WorkflowCommands {
  /// Annotations of a kind that a step may show.
  package static let annotationsMax = 10

  /// Errors and warnings as `::error file=,line=,col=,title=::message`, at most ``annotationsMax``
  /// of each kind; the last one says how many were left out.
  ///
  /// - Parameter relative: names a file as from the root of the repository.
  package static func annotations(_ findings: [Diagnostic], relative: (String) -> String)
    -> [String]
  {
    var lines: [String] = []
    for severity in [Diagnostic.Severity.error, .warning] {
      let all = findings.filter { $0.severity == severity }
      let shown = all.count > annotationsMax ? annotationsMax - 1 : all.count
      lines += all.prefix(shown).map { line($0, severity, relative) }
      if all.count > shown {
        lines.append(
          line(
            Diagnostic(
              "ci.more", "\(all.count - shown) more are in the summary", severity: severity),
            severity, relative))
      }
    }
    return lines
  }

  private static func line(
    _ finding: Diagnostic, _ severity: Diagnostic.Severity, _ relative: (String) -> String
  ) -> String {
    var properties: [String] = []
    if let span = finding.span {
      properties += [
        "file=\(property(relative(span.file)))", "line=\(span.line)", "col=\(span.column)",
      ]
    }
    properties.append("title=\(property(finding.code))")
    let text = finding.message + (finding.fix.map { "\nfix: \($0)" } ?? "")
    let kind = severity == .error ? "error" : "warning"
    return "::\(kind) \(properties.joined(separator: ","))::\(data(text))"
  }

  /// What stands behind the second `::`.
  package static func data(_ text: String) -> String {
    // By scalars: a carriage return before a line feed is one character with it.
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  /// The value of a property.
  package static func property(_ text: String) -> String {
    escaped(data(text), [":": "%3A", ",": "%2C"])
  }

  private static func escaped(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
    text.unicodeScalars.map { table[$0] ?? String($0) }.joined()
  }

  /// Lines for `$GITHUB_OUTPUT` or a dotenv report: `name=value`, values on one line.
  package static func outputs(_ pairs: [(name: String, value: String)]) -> String {
    pairs.map { name, value in
      let line = value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }
      return "\(name)=\(line.joined())\n"
    }.joined()
  }
}

extension CIReport {
  /// Names and values for later steps and jobs.
  package var outputs: [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = [
      ("result", ending.rawValue), ("exit_status", String(exitStatus)), ("reason", sentence),
    ]
    if let run { pairs.append(("run", String(run))) }
    if let model {
      pairs += [
        ("model", model.name), ("version", String(model.version)), ("digest", model.digest.hex),
      ]
      if let now = model.now { pairs.append(("champion", String(now))) }
    }
    return pairs
  }

  /// Refusals and failures at the lines of their stages.
  package var annotations: [Diagnostic] {
    var found = findings
    for gate in gates {
      for rule in gate.verdict.rules where rule.decision != .pass {
        let isFinal = ending == .refused
        found.append(
          Diagnostic(
            "gate.\(rule.decision.rawValue)", "gate '\(gate.stage)': \(rule.sentence)",
            at: gate.span, severity: isFinal ? .error : .warning))
      }
    }
    let told = Set(gates.map(\.stage))
    for stage in stages where stage.state == "refused" && !told.contains(stage.name) {
      found += stage.sentences.map {
        Diagnostic("stage.refused", "stage '\(stage.name)': \($0)", at: stage.span)
      }
    }
    return found
  }
}
