internal import CKernels

/// Turns the texts of a row into a set of shingle hashes.
///
/// Two rows are compared by the Jaccard similarity of these sets: |A ∩ B| / |A ∪ B|. Shingles do
/// not cross from one text to the next. Hashes have 32 bits: two different shingles of a pair of
/// rows with 150 each are taken for one with a probability of about 1e-5.
package struct Shingler: Sendable {
  package enum Unit: String, Sendable, CaseIterable { case words, characters }

  package let unit: Unit
  /// Words or characters of a shingle, 1 to 64.
  package let size: Int
  private let normalised: Normalisation
  private let table: ScalarTable

  package init(_ unit: Unit, size: Int, _ normalisation: Normalisation = Normalisation()) {
    precondition((1...64).contains(size), "a shingle has 1 to 64 units")
    self.unit = unit
    self.size = size
    normalised = normalisation
    table = ScalarTable.of(normalisation)
  }

  /// The same normalisation with other shingles.
  init(_ unit: Unit, size: Int, _ other: Shingler) {
    self.unit = unit
    self.size = size
    normalised = other.normalised
    table = other.table
  }

  /// What is compared, in one sentence, for reports.
  package var normalisation: String {
    switch unit {
    case .words:
      normalised.sentence
        + "; words are runs of letters, digits and combining marks (each character by itself in "
        + "scripts written without spaces); sets of \(size)-word windows of every text, a shorter "
        + "text as one window"
    case .characters:
      normalised.sentence
        + ", white space collapsed to one blank; sets of \(size)-character windows of every text, "
        + "a shorter text as one window"
    }
  }

  /// The hashes of `texts` in ascending order, without repeats.
  package func set(of texts: [String]) -> [UInt32] {
    var buffer = ShingleBuffer()
    for var text in texts { text.withUTF8 { append($0, to: &buffer) } }
    buffer.sort()
    return Array(buffer.shingles)
  }

  /// Adds the shingles of one text, and what it says to ``ShingleBuffer/sequence``.
  func append(_ text: UnsafeBufferPointer<UInt8>, to buffer: inout ShingleBuffer) {
    guard let base = text.baseAddress else { return }
    buffer.add(text.count, size) { units(of: base, text.count, to: $0) }
  }

  /// Appends the units of a text as they follow each other.
  func appendUnits(of text: UnsafeBufferPointer<UInt8>, to list: inout [UInt32]) {
    guard let base = text.baseAddress else { return }
    list += [UInt32](unsafeUninitializedCapacity: text.count + 17) { out, count in
      count = out.baseAddress.map { units(of: base, text.count, to: $0) } ?? 0
    }
  }

  private func units(
    of text: UnsafePointer<UInt8>, _ count: Int, to out: UnsafeMutablePointer<UInt32>
  ) -> Int {
    table.entries.withUnsafeBufferPointer { entries in
      switch unit {
      case .words:
        orc_word_units(
          out, text, count, entries.baseAddress, entries.count, table.isPlainASCII ? 1 : 0)
      case .characters:
        orc_character_units(out, text, count, entries.baseAddress, entries.count)
      }
    }
  }

  /// Where the words of a text are, in bytes.
  func places(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    guard let base = text.baseAddress else { return [] }
    let borders = [UInt32](unsafeUninitializedCapacity: 2 * text.count) { out, count in
      count = table.entries.withUnsafeBufferPointer { entries in
        out.baseAddress.map {
          2 * orc_word_places($0, base, text.count, entries.baseAddress, entries.count)
        } ?? 0
      }
    }
    return stride(from: 0, to: borders.count, by: 2).map {
      Int(borders[$0])..<Int(borders[$0 + 1])
    }
  }

  /// Whether ``jaccard(_:_:)`` of two sets is at least `threshold`, which is above 0.
  static func isSimilar(
    _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ threshold: Double
  ) -> Bool {
    guard let x = a.baseAddress, let y = b.baseAddress, !a.isEmpty, !b.isEmpty else {
      return jaccard(a, b) >= threshold
    }
    let total = a.count + b.count
    // The similarity grows with what they have in common: the least that is enough.
    var wanted = max(0, Int(threshold / (1 + threshold) * Double(total)) - 1)
    while Double(wanted) / Double(total - wanted) < threshold { wanted += 1 }
    return orc_common_at_least_u32(x, a.count, y, b.count, wanted) != 0
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
