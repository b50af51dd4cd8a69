internal import Documents

/// Writes one value of a column as JSON.
enum ParquetScalar {
  static func append(
    _ values: ParquetValues, _ index: Int, _ node: ParquetNode, to out: inout [UInt8]
  ) throws(ParquetProblem) {
    switch values {
    case .integers(let integers): integer(integers[index], node, to: &out)
    case .numbers(let numbers):
      let number = numbers[index]
      // What JSON has no number for is left to be refused as a row.
      out += (number.isFinite ? String(number) : number.isNaN ? "NaN" : "Infinity").utf8
    case .texts(let places, let store): try text(places[index], store, node, to: &out)
    }
  }

  private static func integer(_ value: Int64, _ node: ParquetNode, to out: inout [UInt8]) {
    switch node.meaning {
    case .date: quoted(day(value), to: &out)
    case .timestamp(let units): quoted(time(value, units), to: &out)
    case .decimal(let scale): out += decimal(Int128(value), scale).utf8
    case .unsigned where node.physical == .int32:
      out += String(UInt32(truncatingIfNeeded: value)).utf8
    case .unsigned: out += String(UInt64(bitPattern: value)).utf8
    default:
      switch node.physical {
      case .boolean: out += (value != 0 ? "true" : "false").utf8
      case .int96: quoted(time(value, 1_000_000), to: &out)
      default: out += String(value).utf8
      }
    }
  }

  private static func text(
    _ place: Range<Int>, _ store: [UInt8], _ node: ParquetNode, to out: inout [UInt8]
  ) throws(ParquetProblem) {
    switch node.meaning {
    case .decimal(let scale):
      guard place.count <= 16 else { throw .unknown("a decimal of more than 38 digits") }
      var value: Int128 = place.isEmpty || store[place.lowerBound] < 0x80 ? 0 : -1
      for byte in store[place] { value = value << 8 | Int128(byte) }
      out += decimal(value, scale).utf8
    case .half where place.count == 2:
      let bits = UInt16(store[place.lowerBound]) | UInt16(store[place.lowerBound + 1]) << 8
      let number = half(bits)
      out += (number.isFinite ? String(number) : "NaN").utf8
    default:
      out.append(UInt8(ascii: "\""))
      store.withUnsafeBufferPointer {
        JSONWriter.appendEscaped(UnsafeBufferPointer(rebasing: $0[place]), to: &out)
      }
      out.append(UInt8(ascii: "\""))
    }
  }

  private static func quoted(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    out += text.utf8
    out.append(UInt8(ascii: "\""))
  }

  private static func decimal(_ value: Int128, _ scale: Int) -> String {
    guard (1...38).contains(scale) else { return String(value) }
    var digits = String(value.magnitude)
    if digits.count <= scale {
      digits = String(repeating: "0", count: scale + 1 - digits.count) + digits
    }
    let point = digits.index(digits.endIndex, offsetBy: -scale)
    return (value < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
  }

  /// IEEE 754 binary16.
  private static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023) / 1024
    let sign: Double = bits >> 15 == 1 ? -1 : 1
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    let scale = Double(sign: .plus, exponent: max(exponent, 1) - 15, significand: 1)
    return sign * scale * (exponent == 0 ? fraction : 1 + fraction)
  }

  /// `2026-01-31T12:00:00.5`, without a zone.
  private static func time(_ value: Int64, _ units: Int64) -> String {
    let (seconds, part) = floorDivide(value, units)
    let (days, second) = floorDivide(seconds, 86_400)
    var text =
      day(days)
      + "T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    if part > 0 {
      let width = String(units).count - 1
      let digits = String(part)
      text += "." + String(repeating: "0", count: width - digits.count) + digits
      while text.last == "0" { text.removeLast() }
    }
    return text
  }

  /// The date of a number of days since 1970 (Hinnant 2013, "chrono-Compatible Low-Level Date
  /// Algorithms", civil_from_days).
  private static func day(_ days: Int64) -> String {
    let (era, dayOfEra) = floorDivide(days &+ 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    let digits = String(year.magnitude)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\(year < 0 ? "-" : "")\(padded)-\(two(month))-\(two(day))"
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
    return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
  }
}
