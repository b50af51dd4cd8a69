private import Diagnostics
private import Foundation
private import Glibc
private import Reproducibility
private import StageKit

/// What the file of a database was when the last engine closed it, in `state.sqlite.sum`: its
/// size, a sum of its bytes, and its stamp, which saves reading it again.
///
/// The file is removed before the first write and made anew at the end; it speaks only while no
/// journal holds anything. SQLite finds a page that makes no sense; this finds the digit that does.
struct DatabaseSum: Codable {
  private var formatVersion = 1
  private var xxh64: String
  private var stamp: FileStamp
  /// Names of the migrations that made its tables.
  private var schema: [String] = []

  enum Finding {
    case sound
    /// No engine has closed the file, or one is at work.
    case unknown
    case changed
  }

  private static func path(_ database: String) -> String { database + ".sum" }

  static func exists(_ database: String) -> Bool { access(path(database), F_OK) == 0 }

  static func remove(_ database: String) { unlink(path(database)) }

  /// Writes down what the file is now; the database is closed. A sum that does not survive is only
  /// missed, so that nothing is flushed.
  static func write(_ database: String, schema: [String]) {
    guard isQuiet(database), var found = of(database) else { return }
    found.schema = schema
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let bytes = try? encoder.encode(found) else { return }
    let temporary = "\(path(database))\(DurableFile.temporaryPrefix)"
    do {
      try DurableFile.writeFleeting(Array(bytes), to: temporary)
      try DurableFile.rename(temporary, to: path(database))
    } catch {
      unlink(temporary)
    }
  }

  /// - Parameter trustingStamp: false reads the file in any case.
  static func check(_ database: String, trustingStamp: Bool = true) -> Finding {
    guard isQuiet(database), let kept = read(database) else { return .unknown }
    if trustingStamp, FileStamp(ofFile: database) == kept.stamp { return .sound }
    let found = of(database)
    if found?.xxh64 == kept.xxh64 { return .sound }
    // An engine that started meanwhile has taken its word back.
    guard isQuiet(database), let still = read(database), still.xxh64 == kept.xxh64 else {
      return .unknown
    }
    return .changed
  }

  /// What tells one state of the file from every other, by its stamp; nil unless it is as it was left.
  static func mark(_ database: String) -> String? {
    guard isQuiet(database), let kept = read(database), FileStamp(ofFile: database) == kept.stamp
    else { return nil }
    let stamp = kept.stamp
    return "\(kept.xxh64) \(stamp.inode) \(stamp.size) \(stamp.modified) \(stamp.changed)"
  }

  static func sum(_ database: String) -> String? {
    isQuiet(database) ? read(database)?.xxh64 : nil
  }

  /// The migrations of the file as it was left; nil when nobody can tell.
  static func schema(_ database: String) -> [String]? {
    isQuiet(database) ? read(database)?.schema : nil
  }

  /// Whether no journal holds what is not in the file yet.
  private static func isQuiet(_ database: String) -> Bool {
    for end in ["-wal", "-journal"] {
      var info = stat()
      if stat(database + end, &info) == 0, info.st_size > 0 { return false }
    }
    return true
  }

  private static func read(_ database: String) -> DatabaseSum? {
    guard let bytes = try? DurableFile.read(path(database)) else { return nil }
    return try? JSONDecoder().decode(DatabaseSum.self, from: Data(bytes))
  }

  private static let pieceBytes = 1 << 20

  private static func of(_ database: String) -> DatabaseSum? {
    let file = open(database, O_RDONLY | O_CLOEXEC)
    guard file >= 0, let stamp = FileStamp(ofFile: database) else { return nil }
    defer { close(file) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 64)
    defer { buffer.deallocate() }
    var sum = XXH64()
    while true {
      var filled = 0
      while filled < buffer.count {
        let count = Glibc.read(
          file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
        if count == 0 { break }
        if count > 0 { filled += count } else if errno != EINTR { return nil }
      }
      let whole = filled / 32 * 32
      sum.update(stripes: UnsafeRawBufferPointer(rebasing: buffer[..<whole]))
      if filled < buffer.count {
        let value = sum.finish(UnsafeRawBufferPointer(rebasing: buffer[whole..<filled]))
        return DatabaseSum(xxh64: String(value, radix: 16), stamp: stamp)
      }
    }
  }
}
