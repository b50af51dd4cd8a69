/// A moment that templates may print; always given by the caller, never read from a clock.
package struct TemplateDate: Sendable, Hashable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int

  package init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  private static let days = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  /// 0 is Sunday (Sakamoto's method).
  private var weekday: Int {
    let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    let year = month < 3 ? year - 1 : year
    return (year + year / 4 - year / 100 + year / 400 + offsets[month - 1] + day) % 7
  }

  private var dayOfYear: Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return before + day + (isLeap && month > 2 ? 1 : 0)
  }

  /// C's `strftime`, in the C locale.
  func formatted(_ format: String) throws(TemplateError) -> String {
    var out = ""
    var rest = Array(format)[...]
    while let character = rest.popFirst() {
      guard character == "%" else {
        out.append(character)
        continue
      }
      var pads = true
      if rest.first == "-" {
        pads = false
        rest.removeFirst()
      }
      guard let code = rest.popFirst() else { return out + "%" }
      out += try field(code, pads: pads)
    }
    return out
  }

  private func field(_ code: Character, pads: Bool) throws(TemplateError) -> String {
    func padded(_ value: Int, _ width: Int = 2) -> String {
      let text = String(value)
      return pads ? String(repeating: "0", count: max(0, width - text.count)) + text : text
    }
    switch code {
    case "Y": return String(year)
    case "y": return padded(year % 100)
    case "m": return padded(month)
    case "d": return padded(day)
    case "e": return (day < 10 ? " " : "") + String(day)
    case "B": return Self.months[month - 1]
    case "b", "h": return String(Self.months[month - 1].prefix(3))
    case "A": return Self.days[weekday]
    case "a": return String(Self.days[weekday].prefix(3))
    case "j": return padded(dayOfYear, 3)
    case "H": return padded(hour)
    case "I": return padded(hour % 12 == 0 ? 12 : hour % 12)
    case "M": return padded(minute)
    case "S": return padded(second)
    case "p": return hour < 12 ? "AM" : "PM"
    case "w": return String(weekday)
    case "F": return "\(year)-\(padded(month))-\(padded(day))"
    case "T": return "\(padded(hour)):\(padded(minute)):\(padded(second))"
    case "D": return "\(padded(month))/\(padded(day))/\(padded(year % 100))"
    case "R": return "\(padded(hour)):\(padded(minute))"
    case "Z", "z": return ""
    case "%": return "%"
    default: throw TemplateError(.type, "the date format '%\(code)' is not supported")
    }
  }
}
