/// Finds one kind of personal data in text.
///
/// A recognizer is a value in ``RecognizerList``, defined in a file named after what it finds.
struct Recognizer: Sendable {
  enum Search: Sendable {
    /// `match` is asked at every byte listed; it checks the boundaries itself.
    case at(bytes: [UInt8], match: @Sendable (ByteText, Int) -> Detection?)
    /// `scan` looks through the whole text.
    case whole(scan: @Sendable (ByteText, inout [Detection]) -> Void)
  }

  let entity: Entity
  let search: Search

  static let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
}

/// Every recognizer, in the order of the docs.
enum RecognizerList {
  static let all: [Recognizer] = [
    .emailAddress, .spelledEmailAddress, .phoneNumber, .creditCard, .ibanCode, .ipv4Address,
    .ipv6Address, .macAddress, .url, .bareURL, .usSSN, .ukNINO, .ukNHS, .inPAN, .inAadhaar,
    .crypto, .person,
  ]
}

extension Entity {
  /// What ``Detector`` knows, in order of name.
  package static let known: [Entity] = Set(RecognizerList.all.map(\.entity)).sorted()
}
