package import Documents

/// The licence of one thing that a model or rows were made of.
package struct LicenseNote: Sendable, Hashable, Comparable {
  /// What it is the licence of: a source as the pipeline writes it, or a digest.
  package var subject: String
  /// As the Hub writes it (`apache-2.0`, `mit`, …), in lower case; nil: nobody said.
  package var license: String?

  package init(_ subject: String, license: String?) {
    self.subject = subject
    let text = license?.lowercased() ?? ""
    self.license = text.isEmpty ? nil : text
  }

  package init?(_ json: JSONValue) {
    guard let subject = json["of"]?.stringValue else { return nil }
    self.init(subject, license: json["license"]?.stringValue)
  }

  package var json: JSONValue {
    .object([
      "of": .string(subject), "license": license.map { .string($0) } ?? .null,
    ])
  }

  package static func < (a: LicenseNote, b: LicenseNote) -> Bool {
    (a.subject, a.license ?? "") < (b.subject, b.license ?? "")
  }

  /// Every note once, in order.
  package static func union(_ notes: [LicenseNote]) -> [LicenseNote] { Set(notes).sorted() }
}
