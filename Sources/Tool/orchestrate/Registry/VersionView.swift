import Diagnostics
import Documents
import Foundation
import Reproducibility
import RunStore
import StageKit

/// How a version is shown.
struct VersionView {
  private let version: ModelRegistry.Version
  private let aliases: [String]

  init(_ version: ModelRegistry.Version, _ registry: ModelRegistry) {
    self.version = version
    aliases = registry.aliases(of: version.manifest.name).filter { $0.version == version.number }
      .map(\.alias)
  }

  /// `3  2026-11-27 21:04  pass      model 3f2a91c04b77  champion`
  var line: String {
    let number = String(version.number)
    let pad = String(repeating: " ", count: max(0, 4 - number.count))
    let decision = version.verdict.decision.rawValue
    let score = version.manifest.scores.first.map {
      "  \($0.task) \($0.metric) \(StageView.number($0.value))"
    }
    return "\(number)\(pad)\(Self.time(version.time))  \(decision)  model "
      + "\(version.manifest.model.short)\(score ?? "")"
      + (aliases.isEmpty ? "" : "  ← \(aliases.joined(separator: ", "))")
  }

  var lines: [String] {
    let manifest = version.manifest
    let code = version.registration.code
    let origin = version.registration.origin
    var lines = [
      "\(manifest.name)/\(version.number)"
        + (aliases.isEmpty ? "" : "  ← \(aliases.joined(separator: ", "))")
    ]
    func row(_ name: String, _ text: String) {
      lines.append("  \(name)\(String(repeating: " ", count: max(1, 10 - name.count)))\(text)")
    }
    func rows(_ name: String, _ digests: [Digest]) {
      row(name, digests.isEmpty ? "not known" : digests.map(\.hex).joined(separator: " "))
    }
    row("model", manifest.model.hex)
    rows("base", manifest.lineage.base)
    rows("data", manifest.lineage.data)
    rows("recipe", manifest.lineage.recipe.map { [$0] } ?? [])
    let kinds = code.stages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    row("code", "\(code.digest.hex) (orchestrate \(code.tool); \(kinds.joined(separator: ", ")))")
    row(
      "origin",
      "run \(origin.run) of \(SafeText.escaped(origin.pipeline))"
        + (origin.commit.map { ", commit \($0)" } ?? ""))
    for note in manifest.lineage.licenses {
      row("licence", "\(note.license ?? "unknown"): \(SafeText.escaped(note.subject, limit: 120))")
    }
    for score in manifest.scores {
      let interval = score.lower.flatMap { low in
        score.upper.map { " (\(StageView.number(low)) to \(StageView.number($0)))" }
      }
      row(
        "score",
        "\(score.task) \(score.metric) \(StageView.number(score.value))\(interval ?? "") on "
          + "\(score.rows) rows")
    }
    row("gate", "\(version.verdict.decision.rawValue), verdict \(version.verdictArtifact.hex)")
    for rule in version.verdict.rules {
      lines.append("    \(rule.decision.rawValue): \(SafeText.escaped(rule.sentence, limit: 400))")
    }
    return lines
  }

  var json: JSONValue {
    var members = [
      JSONMember("name", .string(version.manifest.name)),
      JSONMember("version", .integer(Int64(version.number))),
      JSONMember("aliases", .array(aliases.map { .string($0) })),
      JSONMember("decision", .string(version.verdict.decision.rawValue)),
      JSONMember("time", .number(version.time)),
      JSONMember("record", .integer(Int64(version.record))),
      JSONMember("artifact", .string(version.registration.artifact.hex)),
      JSONMember("code", .string(version.registration.code.digest.hex)),
    ]
    let origin = version.registration.origin
    members.append(
      JSONMember(
        "origin",
        .object([
          "pipeline": .string(origin.pipeline), "run": .integer(origin.run),
          "commit": origin.commit.map { .string($0) } ?? .null,
        ])))
    members.append(JSONMember("manifest", version.manifest.json))
    return .object(members)
  }

  /// `2026-11-27 21:04`, UTC.
  static func time(_ seconds: Double) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "yyyy-MM-dd HH:mm"
    return format.string(from: Date(timeIntervalSince1970: seconds))
  }
}

/// How a record of the history is shown.
struct RecordView {
  private let record: RegistryRecord

  init(_ record: RegistryRecord) { self.record = record }

  /// The model it is about.
  var name: String {
    switch record.body {
    case .version(let registration): registration.manifest.name
    case .gate(let name, _, _, _): name
    case .alias(let move): move.name
    }
  }

  var line: String {
    let head = "\(record.number)  \(VersionView.time(record.time))  \(name)  "
    switch record.body {
    case .version(let registration):
      return head + "version \(registration.version) registered, gate "
        + "\(registration.manifest.verdict.decision.rawValue), model "
        + registration.manifest.model.short
    case .gate(_, let version, _, let verdict):
      return head + "version \(version) measured again: \(verdict.decision.rawValue)"
    case .alias(let move):
      let was = move.was.map { "version \($0) → " } ?? ""
      var text = "\(move.alias): \(was)version \(move.version) (\(move.cause.rawValue)"
      if move.isForced { text += ", forced" }
      if let reason = move.reason { text += ": \(SafeText.escaped(reason, limit: 200))" }
      return head + text + ")"
    }
  }
}
