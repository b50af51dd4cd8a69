/// Where in a text encoding must take care; offsets are UTF-8 bytes.
struct EncodingBounds {
  /// Text that holds no control tokens, whatever it looks like: sorted, not overlapping.
  var plain: [Range<Int>] = []
  /// Places that no token crosses: sorted.
  var cuts: [Int] = []
}

extension Tokenizer {
  /// Text → ids.
  ///
  /// - Parameters:
  ///   - addSpecialTokens: adds what the post-processor puts around a text (BOS, perhaps EOS).
  ///   - parseSpecial: control tokens written in `text` become their ids; otherwise they are text.
  package func encode(_ text: String, addSpecialTokens: Bool, parseSpecial: Bool) -> [Int32] {
    let bounds = EncodingBounds(plain: parseSpecial ? [] : [0..<text.utf8.count])
    let ids = encode(text, bounds).ids
    return addSpecialTokens ? postProcessor.prefix + ids + postProcessor.suffix : ids
  }

  /// Text → ids without additions, and the number of ids before each cut.
  func encode(_ text: String, _ bounds: EncodingBounds) -> (ids: [Int32], cuts: [Int]) {
    var text = text
    return text.withUTF8 { bytes in
      let cache = caches.take()
      defer { caches.giveBack(cache) }
      let run = EncodingRun(tokenizer: self, cache: cache, bounds: bounds)
      run.encode(bytes)
      return (run.ids, run.cutIndices)
    }
  }
}

/// One pass over one text.
private final class EncodingRun {
  let tokenizer: Tokenizer
  let cache: PieceCache
  let bounds: EncodingBounds
  var ids: [Int32] = []
  var cutIndices: [Int] = []

  init(tokenizer: Tokenizer, cache: PieceCache, bounds: EncodingBounds) {
    self.tokenizer = tokenizer
    self.cache = cache
    self.bounds = bounds
  }

  func encode(_ text: Bytes) {
    ids.reserveCapacity(text.count / 3 + 8)
    var matches: [AddedTokenMatcher.Match] = []
    let plain = bounds.plain
    tokenizer.rawTokens.forEachMatch(in: text) { token, start, end in
      !token.isSpecial || !Self.overlaps(plain, start, end)
    } _: {
      matches.append($0)
    }
    var position = 0
    for match in matches {
      section(text, position, match.start)
      placeCuts(before: match.start + 1)
      ids.append(tokenizer.rawTokens.tokens[match.token].id)
      position = match.end
    }
    section(text, position, text.count)
    placeCuts(before: .max)
  }

  /// Cuts at or before what is encoded so far.
  private func placeCuts(before end: Int) {
    while cutIndices.count < bounds.cuts.count, bounds.cuts[cutIndices.count] < end {
      cutIndices.append(ids.count)
    }
  }

  private static func overlaps(_ ranges: [Range<Int>], _ start: Int, _ end: Int) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= start { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound < end
  }

  /// Text between two added tokens, in parts where cuts ask for it.
  private func section(_ text: Bytes, _ start: Int, _ end: Int) {
    var position = start
    var isStart = true
    while position < end {
      placeCuts(before: position + 1)
      var stop = end
      if cutIndices.count < bounds.cuts.count { stop = min(end, bounds.cuts[cutIndices.count]) }
      part(
        text.slice(position, stop), at: position, isStart: isStart, isFirst: position == 0)
      isStart = false
      position = stop
    }
  }

  private func part(_ text: Bytes, at start: Int, isStart: Bool, isFirst: Bool) {
    let isPlain =
      !bounds.plain.isEmpty && Self.overlaps(bounds.plain, start, start + text.count)
    tokenizer.normalizer.apply(text, isStart: isStart) {
      normalized($0, isStart: isStart, isFirst: isFirst, isPlain: isPlain)
    }
  }

  private func normalized(_ text: Bytes, isStart: Bool, isFirst: Bool, isPlain: Bool) {
    var position = 0
    if !tokenizer.normalizedTokens.isEmpty {
      var matches: [AddedTokenMatcher.Match] = []
      tokenizer.normalizedTokens.forEachMatch(in: text) { token, _, _ in
        !token.isSpecial || !isPlain
      } _: {
        matches.append($0)
      }
      for match in matches {
        pieces(
          text.slice(position, match.start), isStart: isStart || position > 0,
          isFirst: isFirst && position == 0)
        ids.append(tokenizer.normalizedTokens.tokens[match.token].id)
        position = match.end
      }
    }
    pieces(
      text.slice(position, text.count), isStart: isStart || position > 0,
      isFirst: isFirst && position == 0)
  }

  private func pieces(_ text: Bytes, isStart: Bool, isFirst: Bool) {
    let model = tokenizer.model
    let cache = cache
    var out = ids
    ids = []
    tokenizer.preTokenizer.forEachPiece(in: text, isStart: isStart, isFirst: isFirst) { piece in
      model.encode(piece, cache, to: &out)
    }
    ids = out
  }
}
