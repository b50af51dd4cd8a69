package import Diagnostics
package import Reproducibility
package import StageKit

/// What a run would do, and why.
package struct Plan: Sendable {
  /// What to run: every stage but the skipped ones, in topological order.
  package var spec: RunSpec
  /// One per stage of the pipeline, in topological order.
  package var verdicts: [StageVerdict]
  /// What preflight checks had to say that does not stop the run.
  package var warnings: [Diagnostic]

  /// Whether any stage has work to do, or may have.
  package var hasWork: Bool {
    verdicts.contains {
      switch $0.decision {
      case .run, .resume, .runUnlessSame, .atRunTime: true
      case .cached, .refused, .blocked, .skipped, .unselected: false
      }
    }
  }

  package func verdict(of stage: String) -> StageVerdict? { verdicts.first { $0.stage == stage } }
}

/// What will happen to one stage.
package struct StageVerdict: Sendable, Hashable {
  package enum Decision: Sendable, Hashable {
    /// The result is there.
    case cached
    /// The result is there: the gate said no.
    case refused
    case resume(step: Int)
    case run
    /// Something upstream runs; if it makes the same bytes as before, the result is there.
    case runUnlessSame
    /// A metric decides, or what another stage of the run makes.
    case atRunTime
    /// The run was limited to other stages.
    case unselected
    /// Something upstream refused.
    case blocked
    /// Its `if:` is false, or it needs a stage that is skipped.
    case skipped

    /// As shown in plans.
    package var text: String {
      switch self {
      case .cached: "cached"
      case .refused: "cached (refused)"
      case .resume(let step): "resume from step \(step)"
      case .run: "run"
      case .runUnlessSame: "run unless its input comes out the same"
      case .atRunTime: "decided at run time"
      case .unselected: "not selected"
      case .blocked: "blocked"
      case .skipped: "skipped"
      }
    }

    /// As written in JSON.
    package var name: String {
      switch self {
      case .cached: "cached"
      case .refused: "refused"
      case .resume: "resume"
      case .run: "run"
      case .runUnlessSame: "run_unless_same"
      case .atRunTime: "at_run_time"
      case .unselected: "not_selected"
      case .blocked: "blocked"
      case .skipped: "skipped"
      }
    }
  }

  package var stage: String
  package var kind: StageKind
  package var decision: Decision
  /// Why, in the stage's own terms: `learning_rate 2e-4 → 1e-4`, `never ran`, …
  package var reasons: [String]
  /// Why, upstream: the first stage of the chain and its reason.
  package var because: String?
  /// Nil until the inputs are known.
  package var fingerprint: Digest?
  /// Artifacts by output port, when the result is there.
  package var outputs: [String: Digest] = [:]
  /// Whether the result is another project's, in the shared store.
  package var isShared = false

  /// The decision as shown in plans, with where a result comes from.
  package var text: String {
    guard isShared else { return decision.text }
    return decision == .refused ? "cached (shared, refused)" : "cached (shared)"
  }

  /// Stage by stage from this one to where its reason lies; empty when it does not run.
  package var chain: [Link] = []
  /// What its last result cost; nil when it will not run, or never did.
  package var estimate: ResultFacts?

  package struct Link: Sendable, Hashable {
    package var stage: String
    /// `input train comes from splits, which runs`
    package var reason: String

    init(_ stage: String, _ reason: String) {
      self.stage = stage
      self.reason = reason
    }
  }

  /// Reasons and chain in one line; empty when cached.
  package var reason: String {
    let own = reasons.joined(separator: "; ")
    guard let because else { return own }
    return own.isEmpty ? because : "\(own) (\(because))"
  }
}
