import Foundation
import Testing
import Training

@Suite("GroupAdvantages")
struct GroupAdvantagesTests {
  let pairs = GroupAdvantages(groupSize: 2)

  static func close(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test("a group is centred and divided by its own deviation with n - 1")
  func group() {
    let deviation = 2.0.squareRoot()
    #expect(
      Self.close(
        pairs.relative([1, 3, 5, 5], scale: .group),
        [-1 / (deviation + 1e-4), 1 / (deviation + 1e-4), 0, 0]))
    #expect(Self.close(pairs.relative([1, 3, 5, 5], scale: .none), [-1, 1, 0, 0]))
    let whole = (11.0 / 3).squareRoot() + 1e-4
    #expect(
      Self.close(pairs.relative([1, 3, 5, 5], scale: .batch), [-1 / whole, 1 / whole, 0, 0]))
  }

  @Test("what could not be scored counts nowhere and has no advantage")
  func unscorable() {
    let three = GroupAdvantages(groupSize: 3)
    #expect(Self.close(three.relative([1, .nan, 3], scale: .none), [-1, 0, 1]))
    #expect(Self.close(three.leaveOneOut([1, .nan, 3]), [-2, 0, 2]))
    #expect(three.relative([1, .nan, .nan], scale: .group) == [0, 0, 0])
    #expect(three.leaveOneOut([1, .nan, .nan]) == [0, 0, 0])
  }

  @Test("leave-one-out takes the mean of the others, and may be normalised")
  func leaveOneOut() {
    let three = GroupAdvantages(groupSize: 3)
    // 1 against the mean of 2 and 6, and so on.
    let plain = [-3, -1.5, 4.5]
    #expect(Self.close(three.leaveOneOut([1, 2, 6]), plain))
    let deviation = GroupAdvantages.deviation(plain)
    #expect(
      Self.close(
        three.leaveOneOut([1, 2, 6], normalizes: true), plain.map { $0 / (deviation + 1e-4) }))
  }

  @Test("functions of different scale count alike once each is normalised")
  func normalizedThenSummed() {
    let big = [0.0, 1000, 0, 1000], small = [0.0, 1, 1, 0]
    let advantages = pairs.normalizedThenSummed([big, small], weights: [1, 1])
    #expect(abs(advantages[0] + advantages[1]) < 1e-3)
    #expect(abs(advantages[2]) < 1e-3 && abs(advantages[3]) < 1e-3)
    #expect(advantages[1] > 1)
    #expect(
      pairs.normalizedThenSummed([[.nan, 1, 2, 3], [.nan, 1, 2, 3]], weights: [1, 1])[0] == 0)
  }

  @Test("groups without spread are counted")
  func spread() {
    #expect(pairs.shareWithoutSpread([1, 1, 2, 3]) == 0.5)
    #expect(pairs.shareWithoutSpread([]) == 0)
  }
}
