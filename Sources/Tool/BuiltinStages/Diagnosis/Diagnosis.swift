package import Diagnostics
package import Documents
package import StageKit

/// The triage of a training stage, in the order in which mistakes are usually found: data,
/// template, whether the adapter is applied, curves, learning rate, a run on few rows.
///
/// ```swift
/// let steps = try Diagnosis.steps(of: evidence)
/// ```
package enum Diagnosis {
  /// What was looked at and what was found.
  package struct Step: Sendable {
    package var name: String
    /// What was looked at, with numbers; one line each.
    package var evidence: [String]
    package var findings: [Diagnostic]

    package init(_ name: String, evidence: [String] = [], findings: [Diagnostic] = []) {
      self.name = name
      self.evidence = evidence
      self.findings = findings
    }
  }

  /// Codes of messages that stages gave, by the step that they belong to.
  private static let codes: [(step: String, prefixes: [String])] = [
    (
      "data",
      [
        "health.epochs", "health.mask", "health.no-stop", "health.bos", "training.rows",
        "health.collapse-data", "records.", "health.no-signal",
      ]
    ),
    ("template", ["template.", "health.untuned-base"]),
    ("adapter", ["health.no-effect", "health.invisible-adapter", "health.rank", "adapter."]),
    (
      "curves",
      [
        "health.spike", "health.standstill", "health.overfitting", "health.forgetting",
        "health.never-stops", "health.format", "health.collapse", "training.not-finite",
      ]
    ),
    ("learning rate", ["health.preference-rate", "training.warmup"]),
  ]

  /// The first five steps; the sixth trains (``IsolationRun``).
  ///
  /// - Throws: ``Failure`` where an artifact of the run cannot be read.
  package static func steps(of evidence: TrainingEvidence) throws -> [Step] {
    let curves = CurveFindings(evidence.curves, learningRate: evidence.learningRate)
    var steps = [
      try DataTriage(evidence).step(), try TemplateTriage(evidence).step(),
      try AdapterTriage(evidence).step(), curves.step(), curves.rateStep(),
    ]
    for message in evidence.messages {
      guard
        let place = codes.firstIndex(where: { $0.prefixes.contains(where: message.code.hasPrefix) })
      else { continue }
      steps[place].findings.append(message)
    }
    return steps
  }
}

/// What is known of a training stage of a run.
package struct TrainingEvidence: Sendable {
  package var stage: String
  package var kind: String
  /// The effective parameters.
  package var parameters: JSONValue
  /// Name → values by step, in order.
  package var curves: [String: [CurvePoint]]
  package var counts: [String: Int]
  /// What the stage said, repeated messages left out.
  package var messages: [Diagnostic]
  package var inputs: [String: InputArtifact]
  /// Empty where the stage did not finish.
  package var outputs: [String: InputArtifact]

  package struct CurvePoint: Sendable, Hashable {
    package var step: Int
    package var value: Double

    package init(step: Int, value: Double) {
      self.step = step
      self.value = value
    }
  }

  package init(
    stage: String, kind: String, parameters: JSONValue, curves: [String: [CurvePoint]],
    counts: [String: Int], messages: [Diagnostic], inputs: [String: InputArtifact],
    outputs: [String: InputArtifact]
  ) {
    self.stage = stage
    self.kind = kind
    self.parameters = parameters
    self.curves = curves
    self.counts = counts
    self.messages = messages
    self.inputs = inputs
    self.outputs = outputs
  }

  var learningRate: Double? { parameters["learning_rate"]?.doubleValue }

  static func warning(_ name: String, _ message: String, fix: String) -> Diagnostic {
    Diagnostic("diagnose.\(name)", message, fix: fix, severity: .warning)
  }
}
