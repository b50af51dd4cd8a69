/// Reads the dates and times that rows carry.
package enum TimeStamp {
  /// Seconds since 1970 of an ISO 8601 date, perhaps with a time and a zone: `2024-05-31`,
  /// `2024-05-31T08:15`, `2024-05-31 08:15:30.25+02:00`. Without a zone it is taken for UTC; nil
  /// for anything else.
  package static func seconds(_ text: some StringProtocol) -> Double? {
    var rest = Array(text.utf8)[...]
    guard let year = number(&rest, 4), take(&rest, "-"), let month = number(&rest, 2),
      take(&rest, "-"), let day = number(&rest, 2), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    var seconds = Double(days(year, month, day)) * 86400
    if rest.isEmpty { return seconds }
    guard take(&rest, "T") || take(&rest, "t") || take(&rest, " "),
      let hour = number(&rest, 2), take(&rest, ":"), let minute = number(&rest, 2),
      (0...23).contains(hour), (0...59).contains(minute)
    else { return nil }
    seconds += Double(hour * 3600 + minute * 60)
    if take(&rest, ":") {
      guard let whole = number(&rest, 2), (0...60).contains(whole) else { return nil }
      seconds += Double(whole)
      if take(&rest, ".") || take(&rest, ",") {
        guard let fraction = fraction(&rest) else { return nil }
        seconds += fraction
      }
    }
    guard let zone = zone(&rest), rest.isEmpty else { return nil }
    return seconds - zone
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible
  /// low-level date algorithms", days_from_civil).
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func zone(_ rest: inout ArraySlice<UInt8>) -> Double? {
    if rest.isEmpty || take(&rest, "Z") || take(&rest, "z") { return 0 }
    let sign = take(&rest, "+") ? 1.0 : take(&rest, "-") ? -1.0 : 0
    guard sign != 0, let hours = number(&rest, 2) else { return nil }
    _ = take(&rest, ":")
    let minutes = rest.isEmpty ? 0 : number(&rest, 2)
    guard let minutes, hours < 24, minutes < 60 else { return nil }
    return sign * Double(hours * 3600 + minutes * 60)
  }

  private static func take(_ rest: inout ArraySlice<UInt8>, _ character: Character) -> Bool {
    guard let byte = rest.first, byte == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, _ digits: Int) -> Int? {
    guard rest.count >= digits, rest.prefix(digits).allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    let value = rest.prefix(digits).reduce(0) { $0 * 10 + Int($1) - 48 }
    rest = rest.dropFirst(digits)
    return value
  }

  private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Double? {
    let digits = rest.prefix { (48...57).contains($0) }
    if digits.isEmpty { return nil }
    rest = rest.dropFirst(digits.count)
    var (value, scale) = (0.0, 1.0)
    for digit in digits.prefix(9) {
      scale /= 10
      value += Double(digit - 48) * scale
    }
    return value
  }
}
