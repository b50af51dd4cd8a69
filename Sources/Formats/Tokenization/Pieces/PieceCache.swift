private import Synchronization

/// Pieces already encoded and their ids. Bounded: when an arena is full everything is forgotten.
///
/// `@unchecked Sendable`: an instance is either in a ``PieceCachePool`` or owned by the one encode
/// call that took it out.
final class PieceCache: @unchecked Sendable {
  private struct Slot {
    var hash: UInt64 = 0
    var start: UInt32 = 0
    /// 0: free.
    var length: UInt32 = 0
    var idStart: UInt32 = 0
    var idCount: UInt32 = 0
  }
  private static let slotCount = 1 << 17
  private static let entriesMax = slotCount / 2
  private static let blobMax = 1 << 21
  /// Longer pieces are not kept.
  static let pieceMax = 64

  private let slots: UnsafeMutablePointer<Slot>
  private let blob: UnsafeMutablePointer<UInt8>
  private let ids: UnsafeMutablePointer<Int32>
  private var blobCount = 0
  private var idCount = 0
  private var entries = 0

  init() {
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(repeating: Slot(), count: Self.slotCount)
    blob = .allocate(capacity: Self.blobMax)
    ids = .allocate(capacity: Self.blobMax)
  }

  deinit {
    slots.deallocate()
    blob.deallocate()
    ids.deallocate()
  }

  /// Appends the ids of `piece`: those it had before, or what `encode` appends.
  @inline(__always)
  func encode(_ piece: Bytes, to out: inout [Int32], _ encode: (Bytes, inout [Int32]) -> Void) {
    if piece.count > Self.pieceMax { return encode(piece, &out) }
    let hash = ByteHash.of(piece)
    if append(piece, hash: hash, to: &out) { return }
    let start = out.count
    encode(piece, &out)
    insert(piece, hash: hash, out[start...])
  }

  /// Appends the ids of `piece` and returns true when it is known.
  @inline(__always)
  func append(_ piece: Bytes, hash: UInt64, to out: inout [Int32]) -> Bool {
    var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
    while slots[index].length != 0 {
      let slot = slots[index]
      if slot.hash == hash, Int(slot.length) == piece.count,
        ByteHash.equal(blob + Int(slot.start), piece)
      {
        let start = ids + Int(slot.idStart)
        if slot.idCount == 1 {
          out.append(start.pointee)
        } else {
          out.append(contentsOf: UnsafeBufferPointer(start: start, count: Int(slot.idCount)))
        }
        return true
      }
      index = (index + 1) & (Self.slotCount - 1)
    }
    return false
  }

  /// Remembers `new` (no more ids than bytes) for `piece`, which is not known yet.
  func insert(_ piece: Bytes, hash: UInt64, _ new: ArraySlice<Int32>) {
    guard let source = piece.baseAddress, piece.count <= Self.pieceMax, new.count <= piece.count
    else { return }
    if entries == Self.entriesMax || blobCount + piece.count > Self.blobMax {
      slots.update(repeating: Slot(), count: Self.slotCount)
      (entries, blobCount, idCount) = (0, 0, 0)
    }
    var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
    while slots[index].length != 0 { index = (index + 1) & (Self.slotCount - 1) }
    slots[index] = Slot(
      hash: hash, start: UInt32(blobCount), length: UInt32(piece.count),
      idStart: UInt32(idCount), idCount: UInt32(new.count))
    (blob + blobCount).update(from: source, count: piece.count)
    for (offset, id) in new.enumerated() { ids[idCount + offset] = id }
    blobCount += piece.count
    idCount += new.count
    entries += 1
  }
}

/// Caches that encode calls take and give back, so that no call ever waits for another.
final class PieceCachePool: Sendable {
  private let free = Mutex<[PieceCache]>([])

  func take() -> PieceCache { free.withLock { $0.popLast() } ?? PieceCache() }
  func giveBack(_ cache: PieceCache) { free.withLock { $0.append(cache) } }
}
