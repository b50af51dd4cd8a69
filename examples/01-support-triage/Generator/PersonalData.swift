/// Personal data of people who do not exist, valid by the checksums that real data has.
struct PersonalData {
  /// Presidio's entity name → the strings planted.
  private(set) var planted: [(entity: String, text: String)] = []

  /// `text` with its slots filled; what was filled is remembered.
  mutating func fill(_ text: String, _ draw: inout Draw) -> String {
    var out = text
    func put(_ slot: String, _ entity: String, _ value: String, _ list: inout [(String, String)]) {
      guard out.contains(slot) else { return }
      out = out.replacing(slot, with: value)
      list.append((entity, value))
    }
    var found: [(String, String)] = []
    let first = draw.one(of: Phrases.firstNames)
    let last = draw.one(of: Phrases.surnames)
    put("{person}", "PERSON", "\(first) \(last)", &found)
    put("{surname}", "PERSON", last, &found)
    out = out.replacing("{title}", with: draw.one(of: Phrases.titles))
    put("{email}", "EMAIL_ADDRESS", email(first, last, &draw), &found)
    put("{phone}", "PHONE_NUMBER", phone(&draw), &found)
    put("{card}", "CREDIT_CARD", card(&draw), &found)
    put("{iban}", "IBAN_CODE", iban(&draw), &found)
    put("{ip}", "IP_ADDRESS", ip(&draw), &found)
    put("{ssn}", "US_SSN", ssn(&draw), &found)
    planted += found.map { (entity: $0.0, text: $0.1) }
    return out
  }

  private func email(_ first: String, _ last: String, _ draw: inout Draw) -> String {
    let host = draw.one(of: ["example.com", "mail.example.org", "post.example.net"])
    let name = draw.chance(50) ? "\(first).\(last)" : "\(first.prefix(1))\(last)\(draw.below(90))"
    return "\(name.lowercased())@\(host)"
  }

  private func phone(_ draw: inout Draw) -> String {
    let digits = (0..<10).map { _ in String(draw.below(10)) }.joined()
    switch draw.below(3) {
    case 0: return "+1 (212) 555-\(digits.prefix(4))"
    case 1: return "+44 20 7946 0\(digits.prefix(3))"
    default: return "415-555-\(digits.prefix(4))"
    }
  }

  /// Sixteen digits that pass Luhn's check (ISO/IEC 7812-1).
  private func card(_ draw: inout Draw) -> String {
    var digits = [4] + (0..<14).map { _ in draw.below(10) }
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let doubled = index % 2 == 0 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    digits.append((10 - sum % 10) % 10)
    let text = digits.map(String.init).joined()
    let groups = stride(from: 0, to: 16, by: 4).map {
      String(text.dropFirst($0).prefix(4))
    }
    return groups.joined(separator: draw.chance(50) ? " " : "-")
  }

  /// A German account number that passes mod 97 (ISO 13616).
  private func iban(_ draw: inout Draw) -> String {
    let account = (0..<18).map { _ in String(draw.below(10)) }.joined()
    var remainder = 0
    for digit in (account + "131400").utf8 { remainder = (remainder * 10 + Int(digit) - 48) % 97 }
    let check = 98 - remainder
    let text = "DE" + (check < 10 ? "0" : "") + String(check) + account
    return stride(from: 0, to: 22, by: 4).map { String(text.dropFirst($0).prefix(4)) }
      .joined(separator: " ")
  }

  private func ip(_ draw: inout Draw) -> String {
    "203.0.113.\(draw.below(254) + 1)"
  }

  private func ssn(_ draw: inout Draw) -> String {
    func pad(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: width - text.count) + text
    }
    return
      "\(pad(draw.below(600) + 20, 3))-\(pad(draw.below(98) + 1, 2))-\(pad(draw.below(9998) + 1, 4))"
  }
}
