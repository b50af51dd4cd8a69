/// A kind of personal data, by Presidio's name for it.
package struct Entity: Sendable, Hashable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let name: String

  package init(_ name: String) { self.name = name }
  package init(stringLiteral name: String) { self.name = name }

  package var description: String { name }
  package static func < (a: Entity, b: Entity) -> Bool { a.name < b.name }
}

extension Entity {
  package static let emailAddress: Entity = "EMAIL_ADDRESS"
  package static let phoneNumber: Entity = "PHONE_NUMBER"
  package static let creditCard: Entity = "CREDIT_CARD"
  package static let ibanCode: Entity = "IBAN_CODE"
  package static let ipAddress: Entity = "IP_ADDRESS"
  package static let macAddress: Entity = "MAC_ADDRESS"
  package static let url: Entity = "URL"
  package static let usSSN: Entity = "US_SSN"
  package static let ukNINO: Entity = "UK_NINO"
  package static let ukNHS: Entity = "UK_NHS"
  package static let inPAN: Entity = "IN_PAN"
  package static let inAadhaar: Entity = "IN_AADHAAR"
  package static let crypto: Entity = "CRYPTO"
  package static let person: Entity = "PERSON"
  /// What a deny list names.
  package static let denyList: Entity = "DENY_LIST"
}
