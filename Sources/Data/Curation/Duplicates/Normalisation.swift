/// What is left out of account when texts are compared.
package struct Normalisation: Sendable, Hashable {
  package enum Digits: String, Sendable, CaseIterable { case keep, zero }
  package enum Accents: String, Sendable, CaseIterable { case keep, strip }

  package var lowercase: Bool
  /// `zero` writes every digit as 0.
  package var digits: Digits
  /// `strip` writes letters without their marks.
  package var accents: Accents

  package init(lowercase: Bool = true, digits: Digits = .keep, accents: Accents = .keep) {
    self.lowercase = lowercase
    self.digits = digits
    self.accents = accents
  }

  /// How texts are read, for reports.
  var sentence: String {
    var parts = [lowercase ? "texts in lower case" : "texts as they are"]
    if digits == .zero { parts.append("digits as 0") }
    if accents == .strip { parts.append("letters without marks") }
    return parts.joined(separator: ", ")
  }
}
