import Curation
import Reproducibility
import Testing

@Suite struct SideLeaksTests {
  /// A set of `size` shingles out of a small world, so that many sets overlap.
  static func set(_ random: CounterRandom, _ index: Int, _ base: [UInt32], _ size: Int) -> [UInt32]
  {
    var out = Set(base)
    let drop = random.integer(UInt64(1000 * index), below: max(1, size / 3))
    for part in 0..<drop {
      if let one = out.sorted().dropFirst(
        random.integer(UInt64(1000 * index + 1 + part), below: out.count)
      ).first {
        out.remove(one)
      }
      out.insert(UInt32(truncatingIfNeeded: random.bits(UInt64(1000 * index + 500 + part))))
    }
    return out.sorted()
  }

  @Test("every pair at or above the threshold is found, and no other", arguments: [0.5, 0.8, 1])
  func exact(_ threshold: Double) {
    let random = CounterRandom(seed: 5, stream: "sets")
    var bases: [[UInt32]] = []
    for base in 0..<12 {
      bases.append(
        Array(
          Set(
            (0..<(5 + 7 * base)).map {
              UInt32(truncatingIfNeeded: random.bits(UInt64(base * 100 + $0)))
            })
        )
        .sorted())
    }
    let sets = (0..<400).map { index in
      index % 40 == 0 ? [] : Self.set(random, index, bases[index % 12], bases[index % 12].count)
    }
    var search = SideLeaks(threshold: threshold)
    let sides: [SplitPlan.Side] = (0..<400).map {
      $0 < 200 ? ($0 % 2 == 0 ? .test : .validation) : .train
    }
    for index in 0..<200 { search.add(index, side: sides[index], sets[index]) }
    search.finish()
    var found = 0
    for index in 0..<400 {
      for side in [SplitPlan.Side.train, .validation, .test] {
        let match = sets[index].withUnsafeBufferPointer { search.match($0, on: side) }
        // The definition, pair by pair.
        var best: (similarity: Double, row: Int)?
        for other in 0..<200 where !sets[index].isEmpty && !sets[other].isEmpty {
          guard side == .train || (side == .validation && sides[other] == .test) else { continue }
          let common = Set(sets[index]).intersection(sets[other]).count
          let all = sets[index].count + sets[other].count - common
          let similarity = Double(common) / Double(all)
          if similarity >= threshold, similarity > best?.similarity ?? 0 {
            best = (similarity, other)
          }
        }
        #expect(match?.row == best?.row, "row \(index) on \(side)")
        #expect(match?.similarity == best?.similarity)
        // What is passed by without sorting has no match.
        let turned = Array(sets[index].reversed())
        #expect(match == nil || turned.withUnsafeBufferPointer { search.mayMatch($0) })
        if match != nil { found += 1 }
      }
    }
    #expect(found > 100)
  }

  @Test("nothing is found where nothing is held out")
  func empty() {
    var search = SideLeaks(threshold: 0.8)
    search.finish()
    #expect([UInt32(1), 2, 3].withUnsafeBufferPointer { search.match($0, on: .train) } == nil)
  }
}
