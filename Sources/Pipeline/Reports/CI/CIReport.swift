package import Diagnostics
package import Documents
package import Reproducibility
package import StageKit

/// How a run in CI went: what the summary, the reports, the metrics and the annotations tell.
package struct CIReport: Sendable {
  package enum Ending: String, Sendable {
    case nothingToDo = "nothing_to_do"
    /// The model passed, and the alias points to it.
    case promoted
    /// The model passed and was registered; no alias was asked to move.
    case registered
    /// Everything ran; the pipeline registers nothing.
    case succeeded
    case refused
    case failed
    case interrupted

    package var title: String {
      switch self {
      case .nothingToDo: "nothing to do"
      case .promoted: "promoted"
      case .registered: "registered"
      case .succeeded: "succeeded"
      case .refused: "refused"
      case .failed: "failed"
      case .interrupted: "interrupted"
      }
    }
  }

  package struct Stage: Sendable {
    package var name: String
    package var kind: String
    /// Where it stands in the pipeline file.
    package var span: SourceSpan?
    /// What the plan said: `cached`, `run`, …
    package var planned: String
    package var reason: String
    /// How it ended; nil: it did not start.
    package var state: String?
    package var seconds: Double?
    package var isReused: Bool
    /// Why it failed or was refused.
    package var sentences: [String]

    package init(
      name: String, kind: String, span: SourceSpan?, planned: String, reason: String,
      state: String? = nil, seconds: Double? = nil, isReused: Bool = false,
      sentences: [String] = []
    ) {
      self.name = name
      self.kind = kind
      self.span = span
      self.planned = planned
      self.reason = reason
      self.state = state
      self.seconds = seconds
      self.isReused = isReused
      self.sentences = sentences
    }
  }

  /// A gate that has decided.
  package struct Gate: Sendable {
    package var stage: String
    package var span: SourceSpan?
    package var verdict: Verdict
    package var scores: [GateScore]

    package init(stage: String, span: SourceSpan?, verdict: Verdict, scores: [GateScore]) {
      self.stage = stage
      self.span = span
      self.verdict = verdict
      self.scores = scores
    }
  }

  /// A model that was registered, and where the alias points to.
  package struct Model: Sendable {
    package var name: String
    package var version: Int
    package var isNew: Bool
    package var digest: Digest
    package var lineage: Lineage
    package var alias: String
    /// Versions that the alias pointed to before and points to now.
    package var was: Int?
    package var now: Int?

    package init(
      name: String, version: Int, isNew: Bool, digest: Digest, lineage: Lineage, alias: String,
      was: Int?, now: Int?
    ) {
      self.name = name
      self.version = version
      self.isNew = isNew
      self.digest = digest
      self.lineage = lineage
      self.alias = alias
      self.was = was
      self.now = now
    }
  }

  package var pipeline: String
  /// The pipeline file, as annotations name it.
  package var file: String
  package var ending: Ending
  package var exitStatus: Int32
  /// One sentence on how it ended.
  package var sentence: String
  package var run: Int64?
  package var stages: [Stage] = []
  package var gates: [Gate] = []
  /// Curves of training stages, by stage.
  package var curves: [(stage: String, curve: LineChart)] = []
  package var model: Model?
  /// What the stages say of failures, with places.
  package var findings: [Diagnostic] = []
  /// What changed since the base: a line each.
  package var changes: [String] = []

  package init(
    pipeline: String, file: String, ending: Ending, exitStatus: Int32, sentence: String
  ) {
    self.pipeline = pipeline
    self.file = file
    self.ending = ending
    self.exitStatus = exitStatus
    self.sentence = sentence
  }
}

/// A measurement of a gate, as `scores.json` has it.
package struct GateScore: Sendable, Hashable {
  package struct Interval: Sendable, Hashable {
    package var value: Double
    package var lower: Double
    package var upper: Double

    package init(value: Double, lower: Double, upper: Double) {
      self.value = value
      self.lower = lower
      self.upper = upper
    }

    /// Nil where a number is missing or was infinite.
    package init?(_ json: JSONValue?) {
      guard let value = json?["value"]?.doubleValue, let lower = json?["lower"]?.doubleValue,
        let upper = json?["upper"]?.doubleValue
      else { return nil }
      self.init(value: value, lower: lower, upper: upper)
    }
  }

  package var task: String
  package var metric: String
  package var slice: String?
  package var rows: Int
  package var candidate: Interval
  /// The model it is compared with: `baseline`, `champion`.
  package var versus: String?
  package var other: Interval?
  package var gain: Interval?

  /// Nil when the entry has no number.
  package init?(_ json: JSONValue) {
    guard let task = json["task"]?.stringValue, let metric = json["metric"]?.stringValue,
      let candidate = Interval(json["candidate"])
    else { return nil }
    self.task = task
    self.metric = metric
    slice = json["slice"]?.objectValue?.first.map {
      "\($0.key) \($0.value.stringValue ?? JSONWriter.compact($0.value))"
    }
    rows = json["rows"]?.integerValue ?? 0
    self.candidate = candidate
    other = Interval(json["baseline"])
    versus = other == nil ? nil : json["versus"]?.stringValue ?? "baseline"
    gain = Interval(json["gain"])
  }

  /// `triage: exact_match where language de`
  package var label: String {
    "\(task): \(metric)" + (slice.map { " where \($0)" } ?? "")
  }
}
