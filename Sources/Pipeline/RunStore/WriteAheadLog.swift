private import Reproducibility

/// The journal that SQLite keeps beside a database in WAL mode. SQLite stops at the first frame
/// that is not whole and says nothing; this says so.
/// Source: sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log".
enum WriteAheadLog {
  /// Whether transactions in it cannot be read any more: a broken header, or a broken frame with
  /// more of the same log behind it. The end of a log that a crash cut off is no damage.
  static func isDamaged(_ database: String) -> Bool {
    guard let bytes = try? DurableFile.read(database + "-wal"), !bytes.isEmpty else { return false }
    return bytes.withUnsafeBytes { isDamaged($0) }
  }

  private static let headerBytes = 32
  private static let frameHeaderBytes = 24

  private static func isDamaged(_ log: UnsafeRawBufferPointer) -> Bool {
    guard log.count >= headerBytes else { return true }
    let magic = word(log, 0)
    let pageBytes = Int(word(log, 8))
    guard magic == 0x377F_0682 || magic == 0x377F_0683, (512...65536).contains(pageBytes) else {
      return true
    }
    let isBig = magic & 1 == 1
    var sum = checksum(log[0..<24], isBig, (0, 0))
    guard sum == (word(log, 24), word(log, 28)) else { return true }
    let salt = (word(log, 16), word(log, 20))
    let frameBytes = frameHeaderBytes + pageBytes
    var offset = headerBytes
    var isValid = true
    while offset + frameBytes <= log.count {
      let isOurs = (word(log, offset + 8), word(log, offset + 12)) == salt
      // What may follow the last one: frames of an older round, with other salts, and the first ones
      // of a transaction that a kill cut off, of which none is the one that commits.
      if !isValid, isOurs, word(log, offset + 4) != 0 { return true }
      if isValid {
        if isOurs {
          sum = checksum(log[offset..<(offset + 8)], isBig, sum)
          sum = checksum(log[(offset + frameHeaderBytes)..<(offset + frameBytes)], isBig, sum)
        }
        isValid = isOurs && sum == (word(log, offset + 16), word(log, offset + 20))
      }
      offset += frameBytes
    }
    return false
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  private static func checksum(
    _ bytes: Slice<UnsafeRawBufferPointer>, _ isBig: Bool, _ start: (UInt32, UInt32)
  ) -> (UInt32, UInt32) {
    let words = UnsafeRawBufferPointer(rebasing: bytes)
    var (a, b) = start
    var offset = 0
    while offset + 8 <= words.count {
      let x = words.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let y = words.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
      a &+= (isBig ? UInt32(bigEndian: x) : UInt32(littleEndian: x)) &+ b
      b &+= (isBig ? UInt32(bigEndian: y) : UInt32(littleEndian: y)) &+ a
      offset += 8
    }
    return (a, b)
  }
}
