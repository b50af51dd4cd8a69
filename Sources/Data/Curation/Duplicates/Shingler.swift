internal import CKernels

/// Turns the texts of a row into a set of shingle hashes.
///
/// Two rows are compared by the Jaccard similarity of these sets: |A ∩ B| / |A ∪ B|. Shingles do
/// not cross from one text to the next. Hashes have 32 bits: two different shingles of a pair of
/// rows with 150 each are taken for one with a probability of about 5e-6.
package struct Shingler: Sendable {
  package enum Unit: String, Sendable, CaseIterable { case words, characters }

  package let unit: Unit
  /// Words or characters of a shingle, 1 to 64.
  package let size: Int

  package init(_ unit: Unit, size: Int) {
    precondition((1...64).contains(size), "a shingle has 1 to 64 units")
    self.unit = unit
    self.size = size
  }

  /// What is compared, in one sentence, for reports.
  package var normalisation: String {
    switch unit {
    case .words:
      "texts in lower case; words are runs of letters, digits and combining marks (each character "
        + "by itself in scripts written without spaces); sets of \(size)-word windows of every "
        + "text, a shorter text as one window"
    case .characters:
      "texts in lower case, white space collapsed to one blank; sets of \(size)-character windows "
        + "of every text, a shorter text as one window"
    }
  }

  /// The hashes of `texts` in ascending order, without repeats.
  package func set(of texts: [String]) -> [UInt32] {
    let bytes = texts.reduce(0) { $0 + $1.utf8.count }
    let room = bytes + texts.count
    if room == 0 { return [] }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * room) { buffer in
      guard let out = buffer.baseAddress else { return [] }
      var count = 0
      for var text in texts {
        text.withUTF8 { count += hashes(of: $0, into: out + count) }
      }
      let kept = orc_sort_unique_u32(out, out + room, count)
      return Array(UnsafeBufferPointer(start: out, count: kept))
    }
  }

  private func hashes(of text: UnsafeBufferPointer<UInt8>, into out: UnsafeMutablePointer<UInt32>)
    -> Int
  {
    guard let base = text.baseAddress else { return 0 }
    return ScalarTable.entries.withUnsafeBufferPointer { table in
      switch unit {
      case .words:
        orc_word_shingles(out, base, text.count, size, table.baseAddress, table.count)
      case .characters:
        orc_character_shingles(out, base, text.count, size, table.baseAddress, table.count)
      }
    }
  }

  /// The Jaccard similarity of two sets in ascending order; 1 for two empty ones.
  package static func jaccard(
    _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>
  ) -> Double {
    if a.isEmpty && b.isEmpty { return 1 }
    guard let x = a.baseAddress, let y = b.baseAddress else { return 0 }
    let common = orc_common_u32(x, a.count, y, b.count)
    return Double(common) / Double(a.count + b.count - common)
  }
}
