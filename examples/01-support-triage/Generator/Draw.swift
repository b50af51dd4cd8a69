import Foundation
import Reproducibility

/// Draws from tables by a counter, so that a ticket's text depends on the seed, the kind of thing
/// and its number only.
struct Draw {
  private let random: CounterRandom
  private var next: UInt64 = 0

  init(seed: UInt64, stream: StaticString, _ index: Int) {
    random = CounterRandom(seed: seed, stream: stream, UInt64(index))
  }

  mutating func below(_ bound: Int) -> Int {
    next += 1
    return random.integer(next, below: bound)
  }

  mutating func one<Element>(of table: [Element]) -> Element { table[below(table.count)] }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// `text` with the shop's slots filled.
  mutating func fill(_ text: String) -> String {
    var out = text
    for (slot, table) in [
      ("{product}", Phrases.products), ("{device}", Phrases.devices), ("{city}", Phrases.cities),
      ("{month}", Phrases.months),
    ] where out.contains(slot) {
      out = out.replacing(slot, with: one(of: table))
    }
    if out.contains("{amount}") {
      out = out.replacing("{amount}", with: "\(below(180) + 9).\(below(9) + 1)0 euros")
    }
    if out.contains("{order}") {
      out = out.replacing("{order}", with: "B\(below(9000) + 1000)")
    }
    return out
  }

  /// A matter in a frame, with a capital letter at the start of the sentence.
  mutating func frame(_ frame: String, _ matter: String) -> String {
    let sentence = frame.replacing("{matter}", with: fill(matter))
    return sentence.prefix(1).uppercased() + sentence.dropFirst()
  }
}
