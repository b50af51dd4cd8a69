private import Foundation
package import Reproducibility

/// What the files of a model from outside say of its licence.
package enum BaseLicense {
  private static let subject = "base "

  /// What a model says of the things it was made of; of one from outside, that it is its own base.
  ///
  /// - Parameter name: of that base; nil: its digest.
  /// - Throws: ``Failure`` when its files cannot be read.
  package static func notes(of model: InputArtifact, named name: String? = nil) throws
    -> [LicenseNote]
  {
    try Lineage(of: model)?.licenses
      ?? [LicenseNote(subject + (name ?? model.digest.short), license: find(in: model.tree))]
  }

  /// Whether a note is about a base.
  package static func isMeant(by note: LicenseNote) -> Bool { note.subject.hasPrefix(subject) }

  /// `license:` in the front matter of `README.md`, as the Hub reads it; nil where there is none.
  package static func find(in tree: FileTree) -> String? {
    guard let path = tree["README.md"], let bytes = try? DurableFile.read(path) else { return nil }
    return license(ofCard: String(decoding: bytes.prefix(64 << 10), as: UTF8.self))
  }

  /// The value of the top-level key `license` between the first two lines `---`. A list is joined
  /// with ` and `; `license_name` says more where the licence is `other`.
  package static func license(ofCard text: String) -> String? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.first == "---" else { return nil }
    var values: [String: String] = [:]
    var list: [String] = []
    var isInList = false
    for line in lines.dropFirst() {
      if line == "---" { break }
      if isInList, line.trimmingCharacters(in: .whitespaces).hasPrefix("- ") {
        list.append(plain(line.trimmingCharacters(in: .whitespaces).dropFirst(2)))
        continue
      }
      isInList = false
      guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { continue }
      let key = String(line[..<colon])
      let value = plain(line[line.index(after: colon)...])
      values[key] = value
      isInList = key == "license" && value.isEmpty
    }
    if !list.isEmpty { return list.joined(separator: " and ") }
    guard let license = values["license"], !license.isEmpty else { return nil }
    if license == "other", let name = values["license_name"], !name.isEmpty { return name }
    return license
  }

  /// A scalar without quotes and a comment behind it.
  private static func plain(_ text: some StringProtocol) -> String {
    var value = text.trimmingCharacters(in: .whitespaces)
    if let comment = value.range(of: " #") { value = String(value[..<comment.lowerBound]) }
    value = value.trimmingCharacters(in: .whitespaces)
    for quote in ["\"", "'"]
    where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
      value = String(value.dropFirst().dropLast())
    }
    return value
  }
}
