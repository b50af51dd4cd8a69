import Curation
import Reproducibility
import Testing

@Suite struct MinHashTests {
  @Test("bands leave out at most one in 2,000 pairs at the threshold", arguments: [0.5, 0.8, 0.95])
  func banding(_ threshold: Double) {
    for permutations in [64, 128, 256] {
      let minHash = MinHash(threshold: threshold, permutations: permutations, seed: 1)
      #expect(minHash.bands * minHash.rows <= permutations)
      #expect(minHash.candidateProbability(threshold) >= 1 - MinHash.missedMax)
    }
    let minHash = MinHash(threshold: 0.8, seed: 1)
    #expect([minHash.bands, minHash.rows] == [26, 6])
    let more = MinHash(threshold: 0.8, permutations: 256, seed: 1)
    #expect([more.bands, more.rows] == [33, 7])
    let equal = MinHash(threshold: 1, permutations: 64, seed: 1)
    #expect(equal.bands == 1)
  }

  @Test("bands agree as often as the similarity says")
  func agreement() {
    let minHash = MinHash(threshold: 0.8, permutations: 256, seed: 7)
    let random = CounterRandom(seed: 5, stream: "shingles")
    // Sets of 200 with 160 in common: similarity 160 / 240.
    var shared = 0
    let trials = 400
    for trial in 0..<trials {
      let values = (0..<240).map {
        UInt32(truncatingIfNeeded: random.bits(UInt64(trial * 1000 + $0)))
      }
      let first = minHash.keys(of: values[0..<200].sorted())
      let second = minHash.keys(of: values[40..<240].sorted())
      for band in 0..<minHash.bands where first[band] == second[band] { shared += 1 }
    }
    let share = Double(shared) / Double(trials * minHash.bands)
    // (2/3)^7 = 0.0585; the standard error over 13,200 bands is about 0.002.
    #expect(abs(share - 0.0585) < 0.01, "\(share)")
  }

  @Test("another seed gives other signatures")
  func seeds() {
    let a = MinHash(threshold: 0.8, permutations: 64, seed: 1).keys(of: [1, 2, 3])
    let b = MinHash(threshold: 0.8, permutations: 64, seed: 2).keys(of: [1, 2, 3])
    #expect(a != b)
  }
}
