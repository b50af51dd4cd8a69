internal import Records

/// Cuts words out of the texts of a row.
struct PassageCutter {
  private let shingler: Shingler

  init(_ shingler: Shingler) { self.shingler = shingler }

  /// The content without `words` (counted through all texts, in ascending order); nil where no text
  /// has a word left.
  func cut(_ words: [Range<Int>], from content: RowContent) -> RowContent? {
    var counted = 0
    var left = 0
    let cut = content.mapTexts { text in
      let (shorter, total, removed) = shorter(text, words, counted)
      counted += total
      left += total - removed
      return shorter
    }
    return left == 0 ? nil : cut
  }

  /// Cuts from the start of the first word of a passage to the start of the word after it, so that
  /// what separates the rest stays as it was.
  private func shorter(_ text: String, _ words: [Range<Int>], _ first: Int) -> (
    text: String, words: Int, removed: Int
  ) {
    var copy = text
    return copy.withUTF8 { bytes in
      let places = shingler.places(in: bytes)
      var kept: [UInt8] = []
      var (from, removed) = (0, 0)
      for range in words {
        let start = max(0, range.lowerBound - first)
        let end = min(places.count, range.upperBound - first)
        if start >= end { continue }
        kept += bytes[from..<places[start].lowerBound]
        from = end < places.count ? places[end].lowerBound : bytes.count
        removed += end - start
      }
      if removed == 0 { return (text, places.count, 0) }
      kept += bytes[from...]
      return (String(decoding: kept, as: UTF8.self), places.count, removed)
    }
  }
}
