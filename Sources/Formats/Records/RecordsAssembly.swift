internal import Documents
package import Reproducibility

/// A records artifact put together from chunks that are encoded already: the caller places each
/// chunk's file where ``add(rows:bytes:digest:)`` says.
package struct RecordsAssembly {
  private let folder: String
  private var chunks: [RecordsManifest.Chunk] = []

  package var rowCount: Int { chunks.reduce(0) { $0 + $1.rows } }

  /// - Parameter folder: existing, for example the output folder of a port.
  package init(folder: String) { self.folder = folder }

  /// The next chunk of at least one row; returns the path of its file.
  package mutating func add(rows: Int, bytes: Int, digest: Digest) throws -> String {
    precondition(rows > 0, "a chunk holds rows")
    if chunks.isEmpty { try DurableFile.makeFolder(folder + "/chunks") }
    let name = RecordsManifest.chunkFile(chunks.count + 1)
    chunks.append(RecordsManifest.Chunk(file: name, rows: rows, bytes: bytes, digest: digest))
    return folder + "/" + name
  }

  /// Writes `records.json`.
  package func finish() throws { try RecordsManifest(chunks: chunks).write(to: folder) }
}
