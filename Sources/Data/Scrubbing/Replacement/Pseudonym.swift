/// Invented values: a keyed function of the normalised value, so that rows need no shared state and
/// any order of work gives the same text.
///
/// Numbers come from ranges that belong to nobody: 555-01xx telephones, the documentation networks
/// of RFC 5737 and 3849, example.com (RFC 2606), the social security area 666, locally administered
/// hardware addresses.
struct Pseudonym: Sendable {
  private let keyed: KeyedDigest

  init(key: String) { keyed = KeyedDigest(key: key) }

  /// What stands for `value` from now on.
  func value(for value: String, _ entity: Entity) -> String {
    var draw = Draw(keyed.bytes(entity.name, NormalizedValue.of(value)))
    switch entity {
    case .person: return person(value)
    case .emailAddress:
      let (given, family) = (draw.one(of: FakeNames.given), draw.one(of: FakeNames.family))
      return "\(given).\(family)\(draw.below(1000))@example.com"
    case .phoneNumber: return ShapedPseudonym.phone(value, &draw)
    case .creditCard: return ShapedPseudonym.card(value, &draw)
    case .ibanCode: return Self.iban(draw.digits(14))
    case .ipAddress:
      if value.contains(":") { return "2001:db8::\(draw.hex(4)):\(draw.hex(4)):\(draw.hex(4))" }
      return draw.one(of: ["192.0.2.", "198.51.100.", "203.0.113."]) + String(draw.below(254) + 1)
    case .macAddress: return "02:00:00:\(draw.hex(2)):\(draw.hex(2)):\(draw.hex(2))"
    case .url: return "https://example.com/\(draw.hex(10))"
    case .usSSN: return ShapedPseudonym.filled(value, "666" + draw.digits(6))
    case .dateOfBirth: return ShapedPseudonym.date(value, &draw)
    case .secret, .location, .denyList: return "\(entity.name)_\(draw.hex(10))"
    case .username: return "user_\(draw.hex(8))"
    case .crypto: return "0x" + draw.hex(40)
    default:
      // What has digits is a number of some issuer and keeps its shape.
      return value.utf8.contains(where: ByteText.isDigit)
        ? ShapedPseudonym.identifier(value, entity, &draw) : "\(entity.name)_\(draw.hex(10))"
    }
  }

  /// Word by word, so that `James Ford` and `Dr. Ford` keep the family name they share.
  private func person(_ value: String) -> String {
    let words = value.split(whereSeparator: { $0.isWhitespace || $0 == "," })
    return words.enumerated().map { index, word in
      let normal = NormalizedValue.of(String(word))
      let isGiven =
        words.count > 1
        ? index < words.count - 1 : WordTable.shared[FoldedHash.of(normal)].contains(.given)
      var draw = Draw(keyed.bytes(isGiven ? "given" : "family", normal))
      return Self.capitalised(draw.one(of: isGiven ? FakeNames.given : FakeNames.family))
    }.joined(separator: " ")
  }

  /// A British account at the bank TEST with right check digits.
  static func iban(_ digits: String) -> String {
    let account = "TEST" + digits
    let check = 98 - Checksum.mod97(Array((account + "GB00").utf8))
    return "GB" + (check < 10 ? "0" : "") + String(check) + account
  }

  private static func capitalised(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }
}

/// Lists that invented names are taken from: the listed names in plain letters.
enum FakeNames {
  static let given = plain(GivenNames.unitedStates + " " + GivenNames.british)
  static let family = plain(Surnames.unitedStates)

  private static func plain(_ list: String) -> [String] {
    Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
      .filter { $0.utf8.allSatisfy(ByteText.isLetter) && $0.utf8.count > 3 }.sorted()
  }
}
