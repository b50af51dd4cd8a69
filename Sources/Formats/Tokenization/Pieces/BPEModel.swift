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
  /// Put before every character of a piece but the first when it is looked up.
  var continuingPrefix: [UInt8] = []
  /// Put after the last character of a piece.
  var endSuffix: [UInt8] = []
  /// Pieces of newlines alone that are a token are not merged (llama.cpp's rule for Gemma 4).
  var keepsNewlines = false
  /// Bytes without a token keep their neighbours apart (llama.cpp); otherwise they are as if they
  /// were not there (`tokenizers`).
  var keepsBarriers = false
  /// Where long pieces may be cut without changing ids; nil: nowhere.
  var cuts: SafeCuts?

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
    guard let cuts else { return encodeUncached(piece, to: &ids) }
    cuts.forEachPart(of: piece) { encodeCut($0, cache, to: &ids) }
  }

  private func encodeCut(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    if piece.count <= PieceCache.pieceMax {
      encode(piece, cache, to: &ids)
    } else {
      encodeUncached(piece, to: &ids)
    }
  }

  private func encodeUncached(_ piece: Bytes, to ids: inout [Int32]) {
    if ignoreMerges {
      let whole = table.find(piece)
      if whole >= 0 { return ids.append(whole) }
    }
    if keepsNewlines, piece.allSatisfy({ $0 == 0x0A }) {
      let whole = table.find(piece)
      if whole >= 0 { return ids.append(whole) }
    }
    let start = ids.count
    switch alphabet {
    case .bytes: appendBytes(piece, to: &ids)
    case .scalars: appendScalars(piece, to: &ids)
    }
    merger.merge(&ids, from: start)
    if keepsBarriers { ids.removeAll { $0 == Self.barrier } }
  }

  /// Stands for a byte without a token while its neighbours merge: nothing merges across it.
  private static let barrier: Int32 = -2

  private func appendBytes(_ piece: Bytes, to ids: inout [Int32]) {
    var pendingUnknown = false
    for byte in piece {
      let id = byteIDs[Int(byte)]
      if id >= 0 {
        ids.append(id)
        pendingUnknown = false
      } else if keepsBarriers {
        ids.append(Self.barrier)
      } else if unknown >= 0, !(pendingUnknown && fuseUnknown) {
        ids.append(unknown)
        pendingUnknown = true
      }
    }
  }

  /// Unknown characters wait until the next known one, or unknown one where they are not fused;
  /// bytes that stand for a character do not end the wait (as in `tokenizers`).
  private func appendScalars(_ piece: Bytes, to ids: inout [Int32]) {
    var pendingUnknown = false
    var index = 0
    var spelled: [UInt8] = []
    let isPlain = continuingPrefix.isEmpty && endSuffix.isEmpty
    while index < piece.count {
      let end = index + piece.scalar(at: index).length
      defer { index = end }
      if !isPlain {
        spelled = index == 0 ? [] : continuingPrefix
        spelled += piece.slice(index, end)
        if end == piece.count { spelled += endSuffix }
      }
      let id =
        isPlain
        ? table.find(piece.slice(index, end)) : spelled.withUnsafeBufferPointer { table.find($0) }
      if id >= 0 {
        if pendingUnknown { ids.append(unknown) }
        pendingUnknown = false
        ids.append(id)
      } else if byteFallback,
        isPlain
          ? appendFallback(piece.slice(index, end), to: &ids)
          : spelled.withUnsafeBufferPointer({ appendFallback($0, to: &ids) })
      {
        continue
      } else if unknown >= 0 {
        if pendingUnknown, !fuseUnknown { ids.append(unknown) }
        pendingUnknown = true
      }
    }
    if pendingUnknown { ids.append(unknown) }
  }

  /// Appends the byte tokens of `text`; false, and nothing, when one is missing.
  private func appendFallback(_ text: Bytes, to ids: inout [Int32]) -> Bool {
    guard text.allSatisfy({ byteIDs[Int($0)] >= 0 }) else { return false }
    for byte in text { ids.append(byteIDs[Int(byte)]) }
    return true
  }
}
