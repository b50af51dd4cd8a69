internal import Documents
private import Glibc
package import Reproducibility
package import StageKit

/// Results of chunks in a folder: `<chunk>` holds a line that lists the files and the summary's
/// digest, then the summary; `<chunk>.0`, `<chunk>.1`, … are the files.
///
/// Nothing is flushed: what a crash of the machine damages is found by its digest when it is read
/// and made again. A file that became an object of the store is taken from there; until then it is
/// checked.
package struct FolderChunkResults: ChunkResults {
  private let folder: String
  private let store: ArtifactStore

  /// Results of other chunks are let go once there are this many times more than chunks.
  private static let keptFactor = 4

  /// - Parameter folder: made when something is kept.
  package init(folder: String, store: ArtifactStore) {
    self.folder = folder
    self.store = store
  }

  package func find(_ chunk: Digest) throws -> ChunkResult? {
    let path = folder + "/" + chunk.hex
    guard access(path, R_OK) == 0, let head = Head(path) else { return nil }
    var files: [ChunkResult.File] = []
    for (index, item) in head.files.enumerated() {
      guard let source = source(item.digest, item.size, path + ".\(index)") else { return nil }
      files.append(ChunkResult.File(digest: item.digest, size: item.size, source: source))
    }
    return ChunkResult(summary: head.summary, files: files)
  }

  /// What `<chunk>` holds; nil when it is damaged.
  private struct Head {
    var summary: [UInt8]
    var files: [(digest: Digest, size: Int)] = []

    init?(_ path: String) {
      guard let bytes = try? DurableFile.read(path),
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
        let head = try? JSONReader.parse(Array(bytes[..<end]), file: path),
        let items = head["files"]?.arrayValue
      else { return nil }
      summary = Array(bytes[(end + 1)...])
      guard head["summary"]?.stringValue == Digest(of: summary).hex else { return nil }
      for item in items {
        guard let digest = item["sha256"]?.stringValue.flatMap(Digest.init(hex:)),
          let size = item["size"]?.integerValue
        else { return nil }
        files.append((digest, size))
      }
    }
  }

  /// How many chunks there are, and what is wrong with which file.
  package func damages(readingBytes: Bool) throws -> (
    count: Int, damages: [(name: String, finding: String)]
  ) {
    var count = 0
    var damages: [(name: String, finding: String)] = []
    for name in try DurableFile.names(in: folder) where Digest(hex: name) != nil {
      count += 1
      guard let head = Head(folder + "/" + name) else {
        damages.append((name, "different bytes"))
        continue
      }
      for (index, file) in head.files.enumerated() {
        let part = "\(name).\(index)"
        let object = store.check(file.digest, size: file.size, readingBytes: readingBytes)
        if object == nil { continue }
        let own = "\(folder)/\(part)"
        if StagedFolder.size(own) != file.size {
          damages.append((part, "missing or cut short"))
        } else if readingBytes, (try? Digest(file: own)) != file.digest {
          damages.append((part, "different bytes"))
        }
      }
    }
    return (count, damages)
  }

  /// Digests of the files of all chunks, for a collection.
  package func fileDigests() throws -> Set<Digest> {
    var digests: Set<Digest> = []
    for name in try DurableFile.names(in: folder) where Digest(hex: name) != nil {
      for file in Head(folder + "/" + name)?.files ?? [] { digests.insert(file.digest) }
    }
    return digests
  }

  private func source(_ digest: Digest, _ size: Int, _ own: String) -> ChunkResult.File.Source? {
    if store.holds(digest, size: size) { return .object(store.path(of: digest)) }
    guard StagedFolder.size(own) == size, (try? Digest(file: own)) == digest else { return nil }
    return .path(own)
  }

  package func keep(_ chunk: Digest, summary: [UInt8], files: [[UInt8]]) throws -> ChunkResult {
    try DurableFile.makeFolder(folder)
    let path = folder + "/" + chunk.hex
    var kept: [ChunkResult.File] = []
    for (index, bytes) in files.enumerated() {
      let digest = Digest(of: bytes)
      try replace(path + ".\(index)", bytes)
      kept.append(
        ChunkResult.File(digest: digest, size: bytes.count, source: .path(path + ".\(index)")))
    }
    let head = JSONValue.object([
      "files": .array(
        kept.map { .object(["sha256": .string($0.digest.hex), "size": .integer(Int64($0.size))]) }),
      "summary": .string(Digest(of: summary).hex),
    ])
    try replace(path, Array((JSONWriter.compact(head) + "\n").utf8) + summary)
    return ChunkResult(summary: summary, files: kept)
  }

  package func trim(to chunks: [Digest]) throws {
    let current = Set(chunks.map(\.hex))
    let names = try DurableFile.names(in: folder)
    let results = names.count { !$0.contains(".") }
    guard results > Self.keptFactor * current.count else { return }
    for name in names where !current.contains(String(name.prefix { $0 != "." })) {
      unlink(folder + "/" + name)
    }
  }

  /// Never in place: the old file may be an object of the store by another name.
  private func replace(_ path: String, _ bytes: [UInt8]) throws {
    let temporary =
      folder + "/" + DurableFile.temporaryPrefix + DurableFile.name(of: path) + "-\(getpid())"
    try DurableFile.writeFleeting(bytes, to: temporary, willBeFlushed: true)
    try DurableFile.rename(temporary, to: path)
  }
}
