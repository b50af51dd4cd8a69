import CKernels
import Reproducibility
import Testing

/// The fast kernels beside their references.
@Suite struct ShingleKernelTests {
  /// A table of ASCII and a few scalars beyond, as the shingler has it.
  static let table: [UInt32] = (0..<0x3100).map { value in
    guard let scalar = Unicode.Scalar(UInt32(value)) else { return 0 }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? UInt32(value)
    if (0x3040...0x30FF).contains(value) { return lower | UInt32(ORC_SCALAR_ALONE) }
    if value == 0x301 { return lower | UInt32(ORC_SCALAR_SKIP) }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      ? lower | UInt32(ORC_SCALAR_WORD) : lower
  }

  static func units(_ bytes: [UInt8], reference: Bool) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: bytes.count + 17) { out, count in
      count =
        reference
        ? orc_word_units_reference(out.baseAddress, bytes, bytes.count, table, table.count)
        : orc_word_units(out.baseAddress, bytes, bytes.count, table, table.count, 1)
    }
  }

  @Test("words of any length at any place have the hashes of the reference", arguments: 0..<8)
  func words(_ kind: Int) {
    let random = CounterRandom(seed: UInt64(kind), stream: "words")
    let alphabets = [
      "abc XYZ019 ", "ab.,@[`{/:é ", "abÄÖüß \u{A0}-", "aあい カ ", "приВЕТ ё.", "e\u{301}a ",
      "a😀b ", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ",
    ]
    let letters = Array(alphabets[kind].unicodeScalars)
    for trial in 0..<300 {
      var text = ""
      for place in 0..<random.integer(UInt64(trial * 1000), below: 400) {
        text.unicodeScalars.append(
          letters[random.integer(UInt64(trial * 1000 + 1 + place), below: letters.count)])
      }
      let bytes = Array(text.utf8)
      #expect(Self.units(bytes, reference: false) == Self.units(bytes, reference: true))
    }
  }

  @Test("bytes that are no UTF-8 separate and trap nothing")
  func invalid() {
    let random = CounterRandom(seed: 4, stream: "bytes")
    for trial in 0..<500 {
      let bytes = (0..<random.integer(UInt64(trial * 500), below: 200)).map {
        UInt8(truncatingIfNeeded: random.bits(UInt64(trial * 500 + 1 + $0)))
      }
      #expect(Self.units(bytes, reference: false).count <= bytes.count)
    }
  }

  @Test("windows of any number and size", arguments: [1, 2, 5, 24, 64])
  func windows(_ size: Int) {
    let random = CounterRandom(seed: 5, stream: "units")
    let units = (0..<300).map { UInt32(truncatingIfNeeded: random.bits(UInt64($0))) }
    for count in 0...300 {
      func list(
        _ kernel: (UnsafeMutablePointer<UInt32>?, UnsafePointer<UInt32>?, Int, Int) -> Int
      ) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: max(1, count)) { out, written in
          written = units.withUnsafeBufferPointer {
            kernel(out.baseAddress, $0.baseAddress, count, size)
          }
        }
      }
      let expected = list(orc_windows_reference)
      #expect(list(orc_windows) == expected)
      #expect(expected.count == (count == 0 ? 0 : max(1, count - size + 1)))
    }
  }

  @Test("signatures of any number of shingles")
  func signature() {
    let random = CounterRandom(seed: 6, stream: "signature")
    func numbers(_ count: Int, _ start: UInt64) -> [UInt32] {
      (0..<count).map { UInt32(truncatingIfNeeded: random.bits(start + UInt64($0))) }
    }
    let (multipliers, offsets) = (numbers(96, 0).map { $0 | 1 }, numbers(96, 1000))
    for count in [0, 1, 7, 158] {
      let shingles = numbers(count, 2000)
      var fast = [UInt32](repeating: 0, count: 96)
      var plain = fast
      orc_minhash_signature(&fast, shingles, count, multipliers, offsets, 96)
      orc_minhash_signature_reference(&plain, shingles, count, multipliers, offsets, 96)
      #expect(fast == plain)
    }
  }

  @Test("sorted sets, and how much they have in common", arguments: [0, 1, 8, 23, 24, 158, 5000])
  func sets(_ count: Int) {
    let random = CounterRandom(seed: UInt64(count), stream: "sets")
    func set(_ start: UInt64, _ bits: UInt64) -> [UInt32] {
      var values = (0..<count).map {
        UInt32(truncatingIfNeeded: random.bits(start + UInt64($0)) >> bits)
      }
      let expected = Array(Set(values)).sorted()
      var scratch = values
      let kept = orc_sort_unique_u32(&values, &scratch, count)
      #expect(Array(values[..<kept]) == expected)
      return expected
    }
    for bits in [UInt64(32), 52, 60] {
      let (a, b) = (set(0, bits), set(UInt64(count / 3), bits))
      let expected = Set(a).intersection(b).count
      #expect(orc_common_u32(a, a.count, b, b.count) == expected)
      #expect(orc_common_u32_reference(a, a.count, b, b.count) == expected)
      #expect(orc_common_u32(a, a.count, a, a.count) == a.count)
      for wanted in [0, 1, expected - 1, expected, expected + 1, count, count + 1] where wanted >= 0
      {
        let answer: Int32 = expected >= wanted ? 1 : 0
        #expect(orc_common_at_least_u32(a, a.count, b, b.count, wanted) == answer)
        #expect(orc_common_at_least_u32_reference(a, a.count, b, b.count, wanted) == answer)
      }
    }
  }

  @Test(
    "rows that share a key are found, in order of key and row, however keys are spread",
    arguments: [0, 1, 2, 100, 4096, 4097, 70_000], 0..<4)
  func candidates(_ count: Int, _ spread: Int) {
    let random = CounterRandom(seed: UInt64(count), stream: "keys")
    let keys = (0..<(2 * count)).map { index -> UInt32 in
      let bits = UInt32(truncatingIfNeeded: random.bits(UInt64(index)))
      return switch spread {
      case 0: index % 8 == 0 ? UInt32(index / 16) &* 0x9E37_79B9 : bits
      case 1: bits % 1000
      case 2: index % 3 == 0 ? .max : bits
      default: bits & 0xFFF0_0000
      }
    }
    let rows = (0..<count).map { UInt32(2 * $0 + Int(random.bits(UInt64($0)) >> 63)) }
    var rowsOf: [UInt32: [UInt32]] = [:]
    for row in rows { rowsOf[keys[Int(row)], default: []].append(row) }
    let expected = rowsOf.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
      .flatMap { key, rows in rows.map { UInt64(key) << 32 | UInt64($0) } }
    var out = [UInt64](repeating: 0, count: count + 1)
    var scratch = out
    let found = orc_band_candidates(&out, &scratch, keys + [0], rows + [0], count)
    #expect(Array(out[..<found]) == expected)
  }

  @Test("entries are sorted by their upper halves and stay in order", arguments: [5, 9000])
  func entries(_ count: Int) {
    let random = CounterRandom(seed: 8, stream: "entries")
    var values = (0..<count).map {
      random.bits(UInt64($0)) & 0xFF00_00FF_0000_0000 | UInt64($0)
    }
    let expected = values.sorted()
    var scratch = values
    values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        let sorted = orc_sort_upper_u64(values.baseAddress, scratch.baseAddress, count)
        #expect(Array(UnsafeBufferPointer(start: sorted, count: count)) == expected)
      }
    }
  }
}
