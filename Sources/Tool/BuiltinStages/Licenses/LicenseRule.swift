internal import Diagnostics
private import Foundation
internal import StageKit

/// Which licences what a model is made of may stand under.
struct LicenseRule: Sendable {
  /// In lower case; empty: any, unknown ones too.
  let allowed: [String]

  init(_ read: inout ParameterReader) {
    allowed = read.strings(
      "license_allow", default: [],
      help: "Licences that the base and every source of rows may have, as the Hub writes them "
        + "(apache-2.0, mit, …); one that is not here, or unknown, is refused. Empty: any."
    ).map { $0.lowercased() }
  }

  /// A sentence for everything that the rule refuses.
  func refusals(_ notes: [LicenseNote]) -> [String] {
    if allowed.isEmpty { return [] }
    let list = allowed.joined(separator: ", ")
    if notes.isEmpty {
      return ["licences: it is not known what the model was made of; allowed are \(list)"]
    }
    return notes.compactMap { note in
      let subject = SafeText.escaped(note.subject, limit: 120)
      guard let license = note.license else {
        return "licences: that of '\(subject)' is unknown; allowed are \(list)"
      }
      if isAllowed(license) { return nil }
      return "licences: '\(subject)' stands under \(SafeText.escaped(license, limit: 60)); "
        + "allowed are \(list)"
    }
  }

  /// Several licences joined by `and` must all be allowed.
  private func isAllowed(_ license: String) -> Bool {
    license.components(separatedBy: " and ").allSatisfy { allowed.contains($0) }
  }
}
