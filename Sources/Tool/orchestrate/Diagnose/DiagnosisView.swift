import BuiltinStages
import Diagnostics
import Documents

/// The diagnosis of one stage.
struct StageDiagnosis {
  var stage: String
  var kind: String
  var steps: [Diagnosis.Step]
}

/// A diagnosis for people and for programs.
struct DiagnosisView {
  private let run: Int64
  private let reports: [StageDiagnosis]

  init(run: Int64, _ reports: [StageDiagnosis]) {
    self.run = run
    self.reports = reports
  }

  var lines: [String] {
    var lines: [String] = []
    var total = 0
    for report in reports {
      lines.append("\(report.stage) (\(report.kind))")
      for (index, step) in report.steps.enumerated() {
        let state = step.findings.isEmpty ? "nothing found" : "look here"
        lines.append("  \(index + 1). \(step.name): \(state)")
        lines += step.evidence.map { "     \($0)" }
        for finding in step.findings {
          lines.append("     \(finding.code): \(finding.message)")
          if let fix = finding.fix { lines.append("       fix: \(fix)") }
        }
        total += step.findings.count
      }
    }
    lines.append("run \(run): \(total == 1 ? "1 finding" : "\(total) findings")")
    return lines
  }

  var json: JSONValue {
    .object([
      "run": .integer(run),
      "stages": .array(
        reports.map { report in
          .object([
            "stage": .string(report.stage), "kind": .string(report.kind),
            "steps": .array(
              report.steps.map { step in
                .object([
                  "name": .string(step.name),
                  "evidence": .array(step.evidence.map { .string($0) }),
                  "findings": .array(
                    step.findings.map { finding in
                      .object([
                        "code": .string(finding.code), "message": .string(finding.message),
                        "fix": finding.fix.map { .string($0) } ?? .null,
                      ])
                    }),
                ])
              }),
          ])
        }),
    ])
  }
}
