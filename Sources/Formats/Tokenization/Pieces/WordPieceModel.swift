/// Greedy longest match from the left (Schuster and Nakajima 2012, as BERT uses it): a piece that
/// does not come out whole is the unknown token.
struct WordPieceModel: Sendable {
  let table: ByteStringTable
  let unknown: Int32
  /// Put before every piece (llama.cpp's spelling of BERT vocabularies); empty in tokenizer.json.
  let wordPrefix: [UInt8]
  /// Put before what goes on in a piece: `##`.
  let continuingPrefix: [UInt8]
  /// In characters; longer pieces are unknown.
  let pieceMax: Int
  /// The longest token, in bytes.
  let tokenMax: Int

  @inline(__always)
  func encode(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    cache.encode(piece, to: &ids) { encodeUncached($0, to: &$1) }
  }

  private func encodeUncached(_ piece: Bytes, to ids: inout [Int32]) {
    if piece.isEmpty { return }
    if piece.count > pieceMax, piece.count(where: { $0 & 0xC0 != 0x80 }) > pieceMax {
      return ids.append(unknown)
    }
    let start = ids.count
    let text = wordPrefix + Array(piece)
    let whole = text.withUnsafeBufferPointer { append($0, to: &ids) }
    if !whole {
      ids.removeLast(ids.count - start)
      ids.append(unknown)
    }
  }

  /// Appends the ids of `word` as long as tokens match; false when one does not.
  private func append(_ word: Bytes, to ids: inout [Int32]) -> Bool {
    var position = 0
    var key: [UInt8] = []
    while position < word.count {
      let prefix = position == 0 ? [] : continuingPrefix
      var end = min(word.count, position + tokenMax)
      while end < word.count, word[end] & 0xC0 == 0x80 { end -= 1 }
      key.removeAll(keepingCapacity: true)
      key += prefix
      key += word.slice(position, max(end, position))
      var id: Int32 = -1
      while end > position {
        id = key.withUnsafeBufferPointer { table.find($0.slice(0, prefix.count + end - position)) }
        if id >= 0 { break }
        repeat { end -= 1 } while end > position && word[end] & 0xC0 == 0x80
      }
      if id < 0 { return false }
      ids.append(id)
      position = end
    }
    return true
  }
}
