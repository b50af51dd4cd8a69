package import Artifacts
internal import Diagnostics
private import Documents
private import Glibc
private import Reproducibility
private import RunStore

/// Brings a backup back into a project.
package enum ProjectRestore {
  /// Checks every byte before anything is changed; the database comes last, so that a crash leaves
  /// a project without one, and the restore is typed again.
  ///
  /// - Parameter replacing: true sets a database that is there aside.
  /// - Returns: how many objects came back that were not there.
  /// - Throws: ``Failure`` of class `badInput` for what is no whole backup, or one of a newer
  ///   version, or when the project has a database; `locked` while a run goes on.
  package static func restore(_ path: String, into project: ProjectFolder, replacing: Bool) throws
    -> Int
  {
    try DurableFile.makeFolder(project.state)
    let ownership = try ProjectOwnership(project)
    defer { withExtendedLifetime(ownership) {} }
    if access(project.database, F_OK) == 0, !replacing {
      throw Diagnostic(
        "backup.exists", "'\(project.database)' is there already",
        fix: "add --force to set it aside, or name another folder with --project"
      ).failure(.badInput)
    }
    try project.create()
    let staging = "\(project.state)/\(DurableFile.temporaryPrefix)restore"
    try DurableFile.remove(staging)
    defer { try? DurableFile.remove(staging) }
    let names = try unpack(path, into: staging)
    try check(staging + "/state.sqlite", path)
    var count = 0
    var touched: Set<String> = [project.objects, project.externals]
    for name in names where name.contains("/") {
      let target = project.state + "/" + name
      let digest = Digest(hex: DurableFile.name(of: name))
      if let digest, (try? Digest(file: target)) == digest { continue }
      try DurableFile.makeFolder(DurableFile.parent(of: target))
      if digest != nil {
        chmod("\(staging)/\(name)", 0o444)
        count += 1
      }
      try DurableFile.rename("\(staging)/\(name)", to: target)
      touched.insert(DurableFile.parent(of: target))
    }
    for folder in touched.sorted() { try DurableFile.flushFolder(folder) }
    try replaceDatabase(of: project, by: staging + "/state.sqlite")
    return count
  }

  private static func replaceDatabase(of project: ProjectFolder, by copy: String) throws {
    RunStore.forgetSum(project.database)
    for end in ["-wal", "-shm", "-journal", ""] where access(project.database + end, F_OK) == 0 {
      let old = project.database + end
      try DurableFile.rename(old, to: old + ArtifactStore.damagedSuffix)
    }
    try DurableFile.rename(copy, to: project.database)
    try DurableFile.flushFolder(project.state)
    // Notes what the file is, as after a run.
    try RunStore.open(project.database).close()
  }

  /// Entries by name, flushed, with the bytes that the list at the end says.
  private static func unpack(_ path: String, into staging: String) throws -> [String] {
    let archive = try TarArchive.Reader(path)
    var sums: [String: Digest] = [:]
    var listing: [UInt8]?
    while let (name, _) = try archive.next() {
      guard isExpected(name), sums[name] == nil else {
        throw damaged(path, "it holds '\(SafeText.escaped(name, limit: 120))'")
      }
      var hasher = Digest.Hasher()
      var bytes: [UInt8] = []
      let target = staging + "/" + name
      let isListing = name == ProjectBackup.listing
      var file: AppendedFile?
      if !isListing {
        try DurableFile.makeFolder(DurableFile.parent(of: target))
        file = try AppendedFile(target)
      }
      while true {
        let piece = try archive.piece()
        if piece.isEmpty { break }
        hasher.update(piece)
        if isListing { bytes += piece }
        try file?.append(piece)
      }
      try file?.flush()
      if isListing { listing = bytes } else { sums[name] = hasher.finish() }
    }
    guard let listing else { throw damaged(path, "the list of its sums is missing") }
    let lines = sums.sorted { $0.key < $1.key }.map { "\($1.hex)  \($0)" }
    let listed = String(decoding: listing, as: UTF8.self).split(separator: "\n").map(String.init)
    guard listed.sorted() == lines.sorted() else {
      let bad = Set(listed).symmetricDifference(lines).map { $0.dropFirst(66) }.min() ?? ""
      throw damaged(
        path, "'\(SafeText.escaped(String(bad), limit: 120))' has other bytes than its sum says")
    }
    guard sums["state.sqlite"] != nil,
      let head = try? JSONReader.parse(
        DurableFile.read(staging + "/backup.json"), file: "backup.json"),
      head["format"]?.stringValue == ProjectBackup.format
    else { throw damaged(path, "it is none of orchestrate's, or of a newer version") }
    return sums.keys.sorted()
  }

  private static func isExpected(_ name: String) -> Bool {
    if [ProjectBackup.listing, "backup.json", "state.sqlite"].contains(name) { return true }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first ?? "", parts.count) {
    case ("objects", 3): return Digest(hex: parts[2]) != nil && parts[2].hasPrefix(parts[1])
    case ("externals", 2):
      return parts[1].hasSuffix(".json") && Digest(hex: String(parts[1].dropLast(5))) != nil
    default: return false
    }
  }

  private static func check(_ database: String, _ path: String) throws {
    guard let store = try RunStore.openToCheck(database) else {
      throw damaged(path, "its database has no tables")
    }
    let findings = try store.integrityFindings()
    store.close()
    if let first = findings.first { throw damaged(path, first) }
    for end in ["-wal", "-shm"] { unlink(database + end) }
  }

  private static func damaged(_ path: String, _ what: String) -> Failure {
    Diagnostic(
      "backup.damaged", "'\(SafeText.escaped(path, limit: 300))' is no whole backup: \(what)",
      fix: "use another backup; nothing was changed"
    ).failure(.badInput)
  }
}

/// A new file that grows.
private final class AppendedFile {
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemError.failure("create", path) }
  }

  deinit { close(descriptor) }

  func append(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw SystemError.failure("write", path)
      }
    }
  }

  func flush() throws {
    guard fsync(descriptor) == 0 else { throw SystemError.failure("flush", path) }
  }
}
