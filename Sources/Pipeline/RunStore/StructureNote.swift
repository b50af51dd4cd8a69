internal import GRDB
private import Glibc
private import Reproducibility

/// Which bytes of a database were found to be whole, in `state.sqlite.checked`: SQLite's look at every
/// page, every index and every constraint grows with the history, and finds the same in the same
/// bytes. A note that is lost, or of other bytes, only means looking again.
enum StructureNote {
  private static func path(_ database: String) -> String { database + ".checked" }

  static func remove(_ database: String) { unlink(path(database)) }

  /// - Parameter sum: of the bytes.
  static func holds(_ sum: String, library: String, _ database: String) -> Bool {
    guard let bytes = try? DurableFile.read(path(database)) else { return false }
    return bytes == Array(line(sum, library).utf8)
  }

  static func write(_ sum: String, library: String, _ database: String) {
    let temporary =
      DurableFile.parent(of: database) + "/" + DurableFile.temporaryPrefix + "checked-\(getpid())"
    do {
      try DurableFile.writeFleeting(Array(line(sum, library).utf8), to: temporary)
      try DurableFile.rename(temporary, to: path(database))
    } catch {
      unlink(temporary)
    }
  }

  private static func line(_ sum: String, _ library: String) -> String {
    "orchestrate.checked.1 xxh64 \(sum) sqlite \(library)\n"
  }
}

extension RunStore {
  /// Whether ``integrityFindings()`` found nothing in a file of these bytes before, by the same
  /// library.
  ///
  /// - Parameter sum: ``sumAsLeft(_:)`` of a file whose bytes were just read.
  package func wasFoundWhole(_ sum: String) throws -> Bool {
    StructureNote.holds(sum, library: try library(), path)
  }

  /// Notes that nothing was found in these bytes.
  package func noteWhole(_ sum: String) throws {
    StructureNote.write(sum, library: try library(), path)
  }

  private func library() throws -> String {
    try read { try String.fetchOne($0, sql: "SELECT sqlite_source_id()") } ?? ""
  }
}
