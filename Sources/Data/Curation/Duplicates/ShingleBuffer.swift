internal import CKernels

/// The shingles of one row while they are made; kept from row to row so that nothing is allocated.
struct ShingleBuffer {
  private var units: [UInt32] = []
  private var values: [UInt32] = []
  private var scratch: [UInt32] = []
  private(set) var count = 0
  /// A digest of the units of all texts in their order: equal for rows that say the same once
  /// they are normalised.
  private(set) var sequence = Digest128()
  /// The units of all texts as bytes, with the number of each text's; kept when asked for.
  private(set) var sequenceBytes: [UInt8] = []
  private let keepsSequence: Bool

  init(keepsSequence: Bool = false) { self.keepsSequence = keepsSequence }

  /// What was added, in order of the text; after ``sort()`` in ascending order without repeats.
  var shingles: ArraySlice<UInt32> { values[..<count] }

  mutating func reset() {
    count = 0
    sequence = Digest128()
    sequenceBytes.removeAll(keepingCapacity: true)
  }

  /// Adds a text of `bytes` bytes whose units `write` writes; there are at most as many.
  mutating func add(
    _ bytes: Int, _ size: Int, _ write: (UnsafeMutablePointer<UInt32>) -> Int
  ) {
    // The kernel may write 17 numbers beyond the last unit.
    if units.count < bytes + 17 { units = [UInt32](repeating: 0, count: 2 * bytes + 64) }
    let written = units.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map(write) ?? 0
    }
    if values.count < count + written {
      values += repeatElement(0, count: 2 * (count + written) - values.count)
    }
    let start = count
    count += values.withUnsafeMutableBufferPointer { values in
      units.withUnsafeBufferPointer { units in
        guard let from = units.baseAddress, let to = values.baseAddress else { return 0 }
        return orc_windows(to + start, from, written, size)
      }
    }
    units.withUnsafeBytes { all in
      let said = UnsafeRawBufferPointer(rebasing: all[..<(4 * written)])
      sequence.add(said)
      if keepsSequence {
        withUnsafeBytes(of: UInt64(written)) { sequenceBytes.append(contentsOf: $0) }
        sequenceBytes.append(contentsOf: said)
      }
    }
  }

  mutating func sort() {
    if scratch.count < count { scratch = [UInt32](repeating: 0, count: 2 * count) }
    let length = count
    count = values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let from = values.baseAddress, let spare = scratch.baseAddress else { return 0 }
        return orc_sort_unique_u32(from, spare, length)
      }
    }
  }
}
