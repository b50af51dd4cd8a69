private import CSandbox

/// A file without a name, in memory.
package enum MemoryFile {
  /// Holds `bytes`, open for reading at its start; children do not inherit it. Nil when it cannot
  /// be made; errno says why.
  package static func make(_ bytes: [UInt8]) -> Int32? {
    let file = orc_sandbox_file(bytes, bytes.count)
    return file >= 0 ? file : nil
  }
}
