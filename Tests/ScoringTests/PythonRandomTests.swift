import Scoring
import Testing

/// Values of CPython 3.11's `random.Random`.
@Suite struct PythonRandomTests {
  @Test(
    "seeds of one and two words give CPython's bits and floats",
    arguments: [
      (0, [3_626_764_237, 1_654_615_998], 0.7579544029403025),
      (1, [577_090_037, 2_444_712_010], 0.8474337369372327),
      (1_099_511_627_781, [2_166_296_868, 2_220_160_828], 0.2686044399723282),
    ] as [(UInt64, [UInt32], Double)])
  func bits(_ seed: UInt64, _ bits: [UInt32], _ unit: Double) {
    var random = PythonRandom(seed: seed)
    #expect([random.bits32(), random.bits32()] == bits)
    #expect(random.unit() == unit)
  }

  @Test("a generator goes on from draw to draw: small, pooled and large samples, choices")
  func draws() {
    var random = PythonRandom(seed: 1234)
    #expect((0..<3).map { _ in random.bits32() } == [4_150_886_329, 3_342_196_574, 1_892_932_127])
    #expect(random.unit() == 0.11685051774599753)
    #expect(random.sample(5, of: 100) == [11, 74, 4, 85, 88])
    #expect(random.sample(7, of: 10) == [1, 9, 5, 8, 0, 7, 4])
    #expect(
      random.sample(8, of: 100_000)
        == [45362, 84976, 81694, 63471, 80716, 60758, 19471, 11965])
    #expect((0..<6).map { _ in random.choice(of: 10) } == [1, 1, 0, 4, 9, 0])
  }
}
