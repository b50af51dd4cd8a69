import Scrubbing
import Testing

/// Names and addresses in ``NameTexts``, and what is taken for one in ``NameNegatives``. The bounds
/// lie a little below what was measured.
@Suite struct NameTextsTests {
  private struct Tally {
    var covered = 0
    var wanted = 0
    var share: Double { Double(covered) / Double(max(1, wanted)) }
  }

  @Test("names and addresses of many locales are covered")
  func coverage() {
    let detector = Detector(entities: [.person, .location])
    var persons = Tally()
    var addresses = Tally()
    var missed: [String] = []
    for (locale, lines) in NameTexts.byLocale {
      for line in lines.split(separator: "\n") {
        let (text, names, places) = Self.unmark(line)
        var masked = [Bool](repeating: false, count: text.utf8.count)
        for detection in detector.detections(in: text) {
          for offset in detection.range { masked[offset] = true }
        }
        for range in names { Self.add(range, masked, to: &persons, line, locale, &missed) }
        for range in places { Self.add(range, masked, to: &addresses, line, locale, &missed) }
      }
    }
    #expect(persons.wanted > 170 && addresses.wanted > 40)
    #expect(persons.share >= 0.95, "\(persons.covered) of \(persons.wanted): \(missed)")
    #expect(addresses.share >= 0.95, "\(addresses.covered) of \(addresses.wanted): \(missed)")
  }

  @Test("lines without people are left alone, whatever the style")
  func falseAlarms() {
    let detector = Detector(entities: [.person, .location])
    for (style, lines) in NameNegatives.byStyle {
      var all = 0
      var masked = 0
      var found: [String] = []
      for line in lines.split(separator: "\n") {
        let text = String(line).replacing("␤", with: "\n")
        all += text.utf8.count
        for detection in detector.detections(in: text) {
          masked += detection.range.count
          found.append(text)
        }
      }
      #expect(Double(masked) / Double(all) <= 0.02, "\(style): \(found)")
    }
  }

  private static func add(
    _ range: Range<Int>, _ masked: [Bool], to tally: inout Tally, _ line: Substring,
    _ locale: String, _ missed: inout [String]
  ) {
    tally.wanted += 1
    if masked[range].allSatisfy({ $0 }) {
      tally.covered += 1
    } else {
      missed.append("\(locale): \(line)")
    }
  }

  /// Takes the marks out: ⟦names⟧ and ⟪addresses⟫, as UTF-8 ranges of the text.
  private static func unmark(
    _ line: Substring
  ) -> (text: String, names: [Range<Int>], addresses: [Range<Int>]) {
    var text = ""
    var start = 0
    var names: [Range<Int>] = []
    var addresses: [Range<Int>] = []
    for character in line {
      switch character {
      case "⟦", "⟪": start = text.utf8.count
      case "⟧": names.append(start..<text.utf8.count)
      case "⟫": addresses.append(start..<text.utf8.count)
      case "␤": text.append("\n")
      default: text.append(character)
      }
    }
    return (text, names, addresses)
  }
}
