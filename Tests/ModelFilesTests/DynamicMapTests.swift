import BlockFormats
import Reproducibility
import Testing

@Suite("Dynamic maps")
struct DynamicMapTests {
  static func encode(_ map: DynamicMap, _ values: [Float]) -> (codes: [UInt8], scales: [Float]) {
    var codes = [UInt8](repeating: 99, count: values.count)
    var scales = [Float](repeating: 99, count: DynamicMap.blockCount(values.count))
    map.encode(values, count: values.count, codes: &codes, scales: &scales)
    return (codes, scales)
  }

  @Test("code books have 256 ascending values, with 0 and 1 among them")
  func books() {
    for map in [DynamicMap.signed, .unsigned] {
      #expect(map.code.count == 256)
      #expect(zip(map.code, map.code.dropFirst()).allSatisfy { $0 < $1 })
      #expect(map.code.contains(0) && map.code.last == 1)
    }
    #expect(DynamicMap.signed.code.first == -0.99296874)
    #expect(DynamicMap.unsigned.code[1] == 3.2500003e-07)
  }

  @Test(
    "the fast encoder gives the bytes of its specification", arguments: [1, 255, 256, 257, 2000])
  func reference(_ count: Int) {
    let random = CounterRandom(seed: UInt64(count), stream: "map")
    for (map, isSigned) in [(DynamicMap.signed, true), (.unsigned, false)] {
      let values = (0..<count).map { index -> Float in
        let value = Float(random.normal(UInt64(index))) * Float(index % 5 == 0 ? 1e-6 : 1)
        return isSigned ? value : value * value
      }
      let (fast, slow) = (Self.encode(map, values), map.encodeReference(values))
      #expect(fast.codes == slow.codes && fast.scales == slow.scales)
    }
  }

  @Test("blocks of zeros, subnormals, infinities and NaN have codes, none of them traps")
  func special() {
    var values = [Float](repeating: 0, count: 256)  // a block of zeros: code 0, scale 0
    values += [Float](repeating: .leastNonzeroMagnitude, count: 256)
    values += [Float](repeating: 1, count: 255) + [.infinity]
    values += [Float](repeating: 1, count: 255) + [.nan]
    let (codes, scales) = Self.encode(.signed, values)
    #expect(codes[..<256].allSatisfy { $0 == 0 })
    #expect(codes[256..<512].allSatisfy { $0 == 255 })
    // Times 1 / infinity: zeros, which the grid rounds up, and a NaN.
    #expect(codes[512..<767].allSatisfy { $0 == DynamicMap.signed.index(0) } && codes[767] == 127)
    #expect(DynamicMap.signed.index(0) == 131 && DynamicMap.signed.index(.nan) == 127)
    #expect(codes[768..<1023].allSatisfy { $0 == 255 } && codes[1023] == 127)
    #expect(scales == [0, .leastNonzeroMagnitude, .infinity, 1])
    let slow = DynamicMap.signed.encodeReference(values)
    #expect(slow.codes == codes && slow.scales == scales)
  }

  @Test("a decoded value is within a step of its code book")
  func roundTrip() {
    let random = CounterRandom(seed: 4, stream: "map")
    let values = (0..<1024).map { Float(random.normal(UInt64($0))) }
    let (codes, scales) = Self.encode(.signed, values)
    var decoded = [Float](repeating: 0, count: values.count)
    DynamicMap.signed.decode(codes: codes, scales: scales, count: values.count, &decoded)
    for (index, value) in values.enumerated() {
      #expect(abs(decoded[index] - value) <= 0.0071 * scales[index / 256], "\(index)")
    }
  }
}
