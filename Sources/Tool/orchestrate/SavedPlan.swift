import Diagnostics
import Foundation
import Planning
import Reproducibility
import StageKit

/// A plan in a file: `plan --out FILE`, `run --plan FILE`. It holds digests and parameters, no rows.
struct SavedPlan: Codable {
  private static let format = "orchestrate.plan.1"

  private var format = Self.format
  /// The pipeline file, absolute.
  var file: String
  /// `-p` options, as given.
  var overrides: [String]
  var selection: PlanSelection
  private var spec: RunSpec
  /// By stage.
  private var verdicts: [String: String]

  init(_ plan: Plan, file: String, overrides: [String], selection: PlanSelection) {
    self.file = file
    self.overrides = overrides
    self.selection = selection
    spec = plan.spec
    verdicts = Self.verdicts(plan)
  }

  private static func verdicts(_ plan: Plan) -> [String: String] {
    Dictionary(
      plan.verdicts.map { ($0.stage, $0.decision.text) }, uniquingKeysWith: { first, _ in first })
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    try DurableFile.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")], to: path)
  }

  /// - Throws: ``Failure`` of class `badInput` when the file holds no plan.
  static func read(_ path: String) throws -> SavedPlan {
    let bytes = try HostFile.bytes(path, limit: 1 << 28)
    guard let plan = try? JSONDecoder().decode(SavedPlan.self, from: Data(bytes)),
      plan.format == Self.format
    else {
      throw Diagnostic(
        "plan.not-a-plan", "'\(SafeText.escaped(path, limit: 300))' is no saved plan",
        fix: "make one with 'orchestrate plan --out FILE'"
      ).failure(.badInput)
    }
    return plan
  }

  /// - Throws: ``Failure`` of class `badInput` that names what is different, unless today's plan is
  ///   this one.
  func compare(with today: Plan) throws {
    var notes = SpecDifference.between(spec, today.spec)
    if spec.externals != today.spec.externals {
      notes.append("files of a folder that a stage reads")
    }
    if spec.parameters != today.spec.parameters, notes.isEmpty {
      notes.append("values of 'params'")
    }
    let now = Self.verdicts(today)
    for (stage, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
      if let other = now[stage], other != verdict {
        notes.append("'\(stage)' was '\(verdict)' and is '\(other)'")
      }
    }
    if notes.isEmpty { return }
    let shown = notes.prefix(8).joined(separator: "; ")
    let more = notes.count > 8 ? "; and \(notes.count - 8) more" : ""
    throw Diagnostic(
      "plan.changed", "what the plan was made from has changed since: \(shown)\(more)",
      fix: "make it again with 'orchestrate plan --out FILE', look at it, and run that"
    ).failure(.badInput)
  }
}
