/// A byte-pair-encoding model: pieces of text → token ids.
struct BPEModel: Sendable {
  enum Alphabet: Sendable { case bytes, scalars }

  let alphabet: Alphabet
  let table: ByteStringTable
  let merger: PieceMerger
  /// Ids of the single bytes: of a byte-level vocabulary, or the `<0xXX>` tokens; −1 where absent.
  let byteIDs: FrozenBuffer<Int32>
  let byteFallback: Bool
  let ignoreMerges: Bool
  let fuseUnknown: Bool
  /// −1: characters without a token are left out.
  let unknown: Int32
  /// Whether a piece may be cut before every `▁` that follows another character: true when no token
  /// holds one inside, so that no merge can cross the cut.
  let cutsAtMetaspace: Bool

  /// Appends the ids of `piece`.
  @inline(__always)
  func encode(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    if piece.isEmpty { return }
    if piece.count > PieceCache.pieceMax { return encodeLong(piece, cache, to: &ids) }
    let hash = ByteHash.of(piece)
    if cache.append(piece, hash: hash, to: &ids) { return }
    let start = ids.count
    encodeUncached(piece, to: &ids)
    cache.insert(piece, hash: hash, ids[start...])
  }

  private func encodeLong(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    guard cutsAtMetaspace else { return encodeUncached(piece, to: &ids) }
    var start = 0
    var index = 1
    while index + 2 < piece.count {
      if Self.isMetaspace(piece, index), index - start >= 1,
        !(index >= 3 && Self.isMetaspace(piece, index - 3))
      {
        encodeCut(piece.slice(start, index), cache, to: &ids)
        start = index
        index += 3
      } else {
        index += 1
      }
    }
    encodeCut(piece.slice(start, piece.count), cache, to: &ids)
  }

  private func encodeCut(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    if piece.count <= PieceCache.pieceMax {
      encode(piece, cache, to: &ids)
    } else {
      encodeUncached(piece, to: &ids)
    }
  }

  @inline(__always)
  static func isMetaspace(_ bytes: Bytes, _ at: Int) -> Bool {
    bytes[at] == 0xE2 && bytes[at + 1] == 0x96 && bytes[at + 2] == 0x81
  }

  private func encodeUncached(_ piece: Bytes, to ids: inout [Int32]) {
    if ignoreMerges {
      let whole = table.find(piece)
      if whole >= 0 { return ids.append(whole) }
    }
    let start = ids.count
    switch alphabet {
    case .bytes: appendBytes(piece, to: &ids)
    case .scalars: appendScalars(piece, to: &ids)
    }
    merger.merge(&ids, from: start)
  }

  private func appendBytes(_ piece: Bytes, to ids: inout [Int32]) {
    var pendingUnknown = false
    for byte in piece {
      let id = byteIDs[Int(byte)]
      if id >= 0 {
        ids.append(id)
        pendingUnknown = false
      } else if unknown >= 0, !(pendingUnknown && fuseUnknown) {
        ids.append(unknown)
        pendingUnknown = true
      }
    }
  }

  private func appendScalars(_ piece: Bytes, to ids: inout [Int32]) {
    var pendingUnknown = false
    var index = 0
    while index < piece.count {
      let length = piece.scalar(at: index).length
      let id = table.find(piece.slice(index, index + length))
      if id >= 0 {
        ids.append(id)
        pendingUnknown = false
      } else if byteFallback,
        (index..<(index + length)).allSatisfy({ byteIDs[Int(piece[$0])] >= 0 })
      {
        for at in index..<(index + length) { ids.append(byteIDs[Int(piece[at])]) }
        pendingUnknown = false
      } else if unknown >= 0, !(pendingUnknown && fuseUnknown) {
        ids.append(unknown)
        pendingUnknown = true
      }
      index += length
    }
  }
}
