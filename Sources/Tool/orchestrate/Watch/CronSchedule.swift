import Diagnostics
import Foundation

/// Five fields of cron: minute, hour, day of the month, month, day of the week; `*`, numbers, ranges,
/// lists and steps. In local time.
///
/// As in cron, a day fits when one of the two fields of days does, where neither is `*`.
struct CronSchedule {
  private let minutes: Set<Int>
  private let hours: Set<Int>
  private let days: Set<Int>
  private let months: Set<Int>
  private let weekdays: Set<Int>
  private let anyDay: Bool
  private let anyWeekday: Bool

  /// - Throws: ``Failure`` of class `usage` that names the field.
  init(_ text: String) throws {
    let fields = text.split(separator: " ").map(String.init)
    guard fields.count == 5 else {
      throw Self.problem("--cron has \(fields.count) fields, expected 5", text)
    }
    func field(_ index: Int, _ name: String, _ range: ClosedRange<Int>) throws -> Set<Int> {
      guard let values = Self.values(fields[index], range) else {
        throw Self.problem(
          "the \(name) '\(SafeText.escaped(fields[index], limit: 40))' of --cron is none of "
            + "\(range.lowerBound) to \(range.upperBound)", text)
      }
      return values
    }
    minutes = try field(0, "minute", 0...59)
    hours = try field(1, "hour", 0...23)
    days = try field(2, "day of the month", 1...31)
    months = try field(3, "month", 1...12)
    weekdays = Set(try field(4, "day of the week", 0...7).map { $0 % 7 })
    anyDay = fields[2] == "*"
    anyWeekday = fields[4] == "*"
    guard next(after: Date()) != nil else { throw Self.problem("--cron never comes", text) }
  }

  private static func problem(_ message: String, _ text: String) -> Failure {
    Diagnostic(
      "usage.cron", message,
      fix: "write minute, hour, day, month, weekday, as in '30 3 * * 1-5'"
    ).failure(.usage)
  }

  private static func values(_ text: String, _ range: ClosedRange<Int>) -> Set<Int>? {
    var values: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
      guard pieces.count <= 2 else { return nil }
      let step = pieces.count == 2 ? Int(pieces[1]) ?? 0 : 1
      guard step > 0 else { return nil }
      var span = range
      if pieces[0] != "*" {
        let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
        guard let first = Int(ends[0]), ends.count <= 2 else { return nil }
        let last = ends.count == 2 ? Int(ends[1]) : pieces.count == 2 ? range.upperBound : first
        guard let last, first <= last, range.contains(first), range.contains(last) else {
          return nil
        }
        span = first...last
      }
      values.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
    }
    return values
  }

  /// The first minute after `date` that fits; nil when none comes within five years.
  func next(after date: Date, calendar: Calendar = .current) -> Date? {
    var day = calendar.startOfDay(for: date)
    for _ in 0..<(5 * 366) {
      if fits(day, calendar) {
        for hour in hours.sorted() {
          for minute in minutes.sorted() {
            guard
              let time = calendar.date(bySettingHour: hour, minute: minute, second: 0, of: day),
              calendar.component(.hour, from: time) == hour, time > date
            else { continue }
            return time
          }
        }
      }
      guard let following = calendar.date(byAdding: .day, value: 1, to: day) else { return nil }
      day = following
    }
    return nil
  }

  private func fits(_ day: Date, _ calendar: Calendar) -> Bool {
    guard months.contains(calendar.component(.month, from: day)) else { return false }
    let isDay = days.contains(calendar.component(.day, from: day))
    let isWeekday = weekdays.contains(calendar.component(.weekday, from: day) - 1)
    if anyDay { return anyWeekday || isWeekday }
    return anyWeekday ? isDay : isDay || isWeekday
  }
}
