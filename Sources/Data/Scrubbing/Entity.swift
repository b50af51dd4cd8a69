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
  package static let usITIN: Entity = "US_ITIN"
  /// Opt-in: every date, not only those of birth.
  package static let dateTime: Entity = "DATE_TIME"
  /// Opt-in: identifiers of machines, mostly.
  package static let uuid: Entity = "UUID"
  package static let dateOfBirth: Entity = "DATE_OF_BIRTH"
  /// Numbers of persons from countries that Presidio has no entity for.
  package static let nationalID: Entity = "NATIONAL_ID"
  /// Passports of such countries, and what the word passport names.
  package static let passport: Entity = "PASSPORT"
  package static let companyID: Entity = "COMPANY_ID"
  package static let vatID: Entity = "VAT_ID"
  package static let medicalID: Entity = "MEDICAL_ID"
  package static let vehiclePlate: Entity = "VEHICLE_PLATE"
  /// Keys, tokens, passwords.
  package static let secret: Entity = "SECRET"
  package static let username: Entity = "USERNAME"
  package static let person: Entity = "PERSON"
  /// Postal addresses; the names of places alone are not looked for.
  package static let location: Entity = "LOCATION"
  /// What a deny list names.
  package static let denyList: Entity = "DENY_LIST"
}
