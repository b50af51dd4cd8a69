internal import Diagnostics
private import Foundation
internal import StageKit

/// Which licences what a model is made of may stand under.
struct LicenseRule: Sendable {
  /// Of a base whose files do not say it.
  let baseLicense: String?
  /// In lower case; empty: any, unknown ones too.
  let allowed: [String]

  init(_ read: inout ParameterReader) {
    baseLicense = read.optionalString(
      "base_license",
      help: "The licence of a base whose files (the front matter of README.md) do not say it.")
    allowed = read.strings(
      "license_allow", default: [],
      help: "Licences that the base and every source of rows may have, as the Hub writes them "
        + "(apache-2.0, mit, …); one that is not here, or unknown, is refused. Empty: any."
    ).map { $0.lowercased() }
  }

  /// What a model says of the things it was made of; of one from outside, that it is its own base.
  func notes(of model: InputArtifact) throws -> [LicenseNote] {
    completed(try BaseLicense.notes(of: model))
  }

  /// Notes with ``baseLicense`` where a base says nothing.
  func completed(_ notes: [LicenseNote]) -> [LicenseNote] {
    guard let baseLicense else { return notes }
    return LicenseNote.union(
      notes.map { note in
        note.license == nil && BaseLicense.isMeant(by: note)
          ? LicenseNote(note.subject, license: baseLicense) : note
      })
  }

  /// A sentence for everything that the rule refuses: which licence, of what, and what to do.
  func refusals(_ notes: [LicenseNote]) -> [String] {
    if allowed.isEmpty { return [] }
    let list = allowed.joined(separator: ", ")
    if notes.isEmpty {
      return [
        "licences: it is not known what the model was made of; allowed are \(list): make it in a "
          + "pipeline whose sources say 'license:'"
      ]
    }
    return notes.compactMap { note in
      let subject = SafeText.escaped(note.subject, limit: 120)
      guard let license = note.license else {
        let fix =
          BaseLicense.isMeant(by: note)
          ? "write it into the front matter of its README.md, or as 'base_license:' here"
          : "write it as 'license:' at the source of 'ingest'"
        return "licences: that of '\(subject)' is unknown; allowed are \(list): \(fix)"
      }
      let others = license.components(separatedBy: " and ").filter { !allowed.contains($0) }
      if others.isEmpty { return nil }
      let names = others.map { "'\(SafeText.escaped($0, limit: 60))'" }.joined(separator: ", ")
      return "licences: '\(subject)' stands under \(SafeText.escaped(license, limit: 60)); "
        + "allowed are \(list): take it out, or add \(names) to 'license_allow'"
    }
  }

  /// What a plan can tell before anything was made.
  func warnings(_ notes: [LicenseNote]) -> [Diagnostic] {
    if notes.isEmpty { return [] }
    return refusals(completed(notes)).map {
      Diagnostic(
        "license.not-allowed", "it will refuse: \($0)", fix: "see docs/lineage.md",
        severity: .warning)
    }
  }
}
