/// Invented numbers in the shape of the ones they stand for: separators, groups and case stay.
///
/// Where a range is set aside for examples, the number comes from it: 555-01xx in North America
/// (NANPA), 7700 900xxx in Britain (Ofcom), 6 39 98 xx xx in France (Arcep), 491 570 xxx in Australia
/// (ACMA), 30 23125 xxx in Germany (Bundesnetzagentur); NHS numbers that begin with 999, national
/// insurance numbers with QQ, Aadhaar numbers with 1, tax IDs with 0.
enum ShapedPseudonym {
  /// `shape` with its digits replaced by those of `digits`, in order; ones that are left over stay
  /// away, missing ones become 0.
  static func filled(_ shape: String, _ digits: String) -> String {
    var rest = Substring(digits)
    var out = ""
    for scalar in shape.unicodeScalars {
      if scalar.properties.numericType == .decimal {
        out.append(rest.popFirst() ?? "0")
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// The decimal digits of any script, as ASCII.
  static func digits(of value: String) -> String {
    String(
      String.UnicodeScalarView(
        value.unicodeScalars.compactMap { scalar in
          scalar.properties.numericType == .decimal
            ? scalar.properties.numericValue.flatMap { Unicode.Scalar(UInt8(0x30 + Int($0))) } : nil
        }))
  }

  static func phone(_ value: String, _ draw: inout Draw) -> String {
    let old = digits(of: value)
    let hasPlus = value.contains("+")
    if hasPlus || old.count == 10 || old.count == 11 && old.hasPrefix("1"),
      !hasPlus || old.hasPrefix("1"), old.count >= 10, !old.hasPrefix("0")
    {
      let area = String(draw.below(8) + 2) + draw.digits(2)
      let country = old.count > 10 && old.hasPrefix("1") ? "1" : ""
      return filled(value, country + area + "55501" + draw.digits(2) + draw.digits(6))
    }
    let reserved = [
      ("44", "447700900"), ("33", "33639980"), ("61", "61491570"), ("49", "493023125"),
    ]
    if hasPlus, let (_, start) = reserved.first(where: { old.hasPrefix($0.0) }) {
      return filled(value, start + draw.digits(max(0, old.count - start.count)))
    }
    // The country code or trunk prefix and the area's first digit stay.
    let kept = hasPlus || old.hasPrefix("00") ? min(4, old.count) : min(2, old.count)
    return filled(value, old.prefix(kept) + draw.digits(old.count - kept))
  }

  /// A number of the test issuer 400000 with its Luhn digit.
  static func card(_ value: String, _ draw: inout Draw) -> String {
    let count = max(13, digits(of: value).count)
    return filled(value, withLuhn("400000" + draw.digits(count - 7)))
  }

  static func withLuhn(_ digits: String) -> String {
    let values = digits.utf8.map { $0 - 0x30 }
    let check = (UInt8(0)...9).first { Checksum.luhn(values + [$0]) } ?? 0
    return digits + String(check)
  }

  /// Another day and month, both 1…12 so that any order of them is a date; the year stays.
  static func date(_ value: String, _ draw: inout Draw) -> String {
    var out = ""
    var group = ""
    func flush() {
      if group.count == 1 {
        out += String(draw.below(9) + 1)
      } else if group.count == 2 {
        let number = draw.below(12) + 1
        out += number < 10 ? "0\(number)" : String(number)
      } else if group.count == 8 {
        let number = draw.below(12) + 1
        out +=
          group.prefix(4) + (number < 10 ? "0\(number)" : String(number))
          + (number < 10 ? "0\(number)" : String(number))
      } else {
        out += group
      }
      group = ""
    }
    for character in value {
      if character.isNumber {
        group.append(character)
      } else {
        flush()
        out.append(character)
      }
    }
    flush()
    return out
  }

  /// Digits for digits and letters for letters; see the type for reserved beginnings.
  static func identifier(_ value: String, _ entity: Entity, _ draw: inout Draw) -> String {
    switch entity {
    case .ukNHS: return filled(value, nhs(&draw))
    case .inAadhaar:
      let start = "1" + draw.digits(10)
      let values = start.utf8.map { $0 - 0x30 }
      let check = (UInt8(0)...9).first { Checksum.verhoeff(values + [$0]) } ?? 0
      return filled(value, start + String(check))
    case "CA_SIN": return filled(value, withLuhn("0" + draw.digits(7)))
    case "DE_TAX_ID": return filled(value, "0" + draw.digits(10))
    default: break
    }
    var out = ""
    for character in value {
      if character.isASCII, character.isNumber {
        out += draw.digits(1)
      } else if character.isASCII, character.isLetter {
        let base: UInt8 = character.isUppercase ? 0x41 : 0x61
        out.append(Character(Unicode.Scalar(base + UInt8(draw.below(26)))))
      } else {
        out.append(character)
      }
    }
    return entity == .ukNINO ? "QQ" + out.dropFirst(2) : out
  }

  /// Ten digits from 999 on that pass the check; the test range of the NHS.
  private static func nhs(_ draw: inout Draw) -> String {
    while true {
      let start = "999" + draw.digits(6)
      let sum = zip(start.utf8, [10, 9, 8, 7, 6, 5, 4, 3, 2]).reduce(0) {
        $0 + Int($1.0 - 0x30) * $1.1
      }
      let check = (11 - sum % 11) % 11
      if check < 10 { return start + String(check) }
    }
  }
}
