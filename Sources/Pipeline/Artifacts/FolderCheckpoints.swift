package import Diagnostics
private import Foundation
private import Glibc
private import Processes
internal import Reproducibility
package import StageKit

/// Checkpoints of one fingerprint, as folders `step-NNNNNNNN` that appear whole or not at all.
///
/// A checkpoint is written into a folder with ``DurableFile/temporaryPrefix``, its files are
/// flushed and listed with their digests in `checkpoint.json`, and one rename makes it visible.
package struct FolderCheckpoints: CheckpointStore {
  /// `checkpoints/<fingerprint>` of the project.
  package let folder: String
  /// Told of a checkpoint that cannot be used.
  private let warn: @Sendable (Diagnostic) -> Void
  /// Called before a checkpoint appears and after it did.
  private let willAppear: @Sendable (Int) throws -> Void
  private let didAppear: @Sendable (Int) -> Void

  package init(
    folder: String, warn: @escaping @Sendable (Diagnostic) -> Void = { _ in },
    willAppear: @escaping @Sendable (Int) throws -> Void = { _ in },
    didAppear: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.folder = folder
    self.warn = warn
    self.willAppear = willAppear
    self.didAppear = didAppear
  }

  private struct Listing: Codable {
    var formatVersion = 1
    var step: Int
    var arithmetic: String
    var files: [ArtifactManifest.File]
  }

  private static let listingName = "checkpoint.json"
  private static let kept = 2

  package func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {
    precondition(step >= 0, "a step is not negative")
    let target = folder + "/" + Self.name(of: step)
    // A name of its own: on a shared folder a process of an engine that was replaced may write too.
    let staging =
      "\(folder)/\(DurableFile.temporaryPrefix)\(Self.name(of: step))-\(getpid())-\(HostIdentity.name)"
    try DurableFile.makeFolder(folder)
    try DurableFile.flushFolder(DurableFile.parent(of: folder))
    try DurableFile.remove(staging)
    try DurableFile.makeFolder(staging)
    try write(staging)
    let sealed = try ArtifactStore.seal(folder: staging, type: .files, references: [])
    let listing = Listing(step: step, arithmetic: arithmetic, files: sealed.files)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(
      Array(try encoder.encode(listing)), to: staging + "/" + Self.listingName)
    try flushFolders(of: sealed.files.map(\.name), below: staging)
    try willAppear(step)
    CrashPoint.checkpointWritten.reached()
    try replace(target, by: staging)
    try DurableFile.flushFolder(folder)
    CrashPoint.checkpointPublished.reached()
    didAppear(step)
    for (_, name) in try steps().dropFirst(Self.kept) {
      try DurableFile.remove(folder + "/" + name)
    }
  }

  package func latest(arithmetic: String) throws -> Checkpoint? {
    for (step, name) in try steps() {
      let path = folder + "/" + name
      guard let listing = listing(path), listing.step == step, isIntact(listing, path) else {
        skip("the checkpoint of step \(step) is damaged")
        continue
      }
      guard listing.arithmetic == arithmetic else {
        skip(
          "the checkpoint of step \(step) was made by other arithmetic ('"
            + "\(SafeText.escaped(listing.arithmetic))', here '\(SafeText.escaped(arithmetic))')")
        continue
      }
      let paths = listing.files.map { ($0.name, path + "/" + $0.name) }
      return Checkpoint(
        step: step, tree: FileTree(paths: Dictionary(paths) { first, _ in first }))
    }
    return nil
  }

  /// The step of the newest checkpoint that is listed whole, without reading its files' bytes.
  package func latestStep() throws -> Int? {
    try steps().first { step, name in
      guard let listing = listing(folder + "/" + name), listing.step == step else { return false }
      return listing.files.allSatisfy {
        StagedFolder.size("\(folder)/\(name)/\($0.name)") == $0.size
      }
    }?.step
  }

  /// Removes every checkpoint of the fingerprint.
  package func removeAll() throws { try DurableFile.remove(folder) }

  // MARK: - Checking

  /// How many checkpoints there are, and what is wrong with which.
  ///
  /// - Parameter readingBytes: false looks at listings and sizes only.
  package func damages(readingBytes: Bool) throws -> (
    count: Int, damages: [(name: String, finding: String)]
  ) {
    var damages: [(name: String, finding: String)] = []
    let all = try steps()
    for (step, name) in all {
      let path = folder + "/" + name
      guard let listing = listing(path), listing.step == step else {
        damages.append((name, "its listing cannot be read"))
        continue
      }
      for file in listing.files {
        let finding: String? =
          switch StagedFolder.size("\(path)/\(file.name)") {
          case nil: "missing"
          case file.size where !readingBytes: nil
          case file.size:
            (try? Digest(file: "\(path)/\(file.name)")) == file.digest ? nil : "different bytes"
          case .some(let size): "\(size) bytes instead of \(file.size)"
          }
        if let finding { damages.append(("\(name)/\(file.name)", finding)) }
      }
    }
    return (all.count, damages)
  }

  // MARK: - Private

  /// The checkpoint of the step that was there goes first: a folder is not renamed over a full one.
  private func replace(_ target: String, by staging: String) throws {
    for tries in 0... {
      try DurableFile.remove(target)
      do { return try DurableFile.rename(staging, to: target) } catch {
        // Another process of the same request put its own there, which has the same bytes.
        guard tries < 3, access(target, F_OK) == 0 else { throw error }
      }
    }
  }

  /// Newest first.
  private func steps() throws -> [(step: Int, name: String)] {
    try DurableFile.names(in: folder).compactMap { name in
      guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)) else { return nil }
      return (step, name)
    }.sorted { $0.step > $1.step }
  }

  private func listing(_ path: String) -> Listing? {
    guard let bytes = try? DurableFile.read(path + "/" + Self.listingName) else { return nil }
    return try? JSONDecoder().decode(Listing.self, from: Data(bytes))
  }

  private func isIntact(_ listing: Listing, _ path: String) -> Bool {
    listing.files.allSatisfy { (try? Digest(file: path + "/" + $0.name)) == $0.digest }
  }

  private func skip(_ cause: String) {
    warn(
      Diagnostic(
        "checkpoint.skipped", "\(cause); it is skipped for the one before", severity: .warning))
  }

  private func flushFolders(of names: [String], below root: String) throws {
    var folders: Set<String> = [root]
    for name in names {
      var parent = DurableFile.parent(of: name)
      while parent != "." {
        folders.insert(root + "/" + parent)
        parent = DurableFile.parent(of: parent)
      }
    }
    for folder in folders.sorted() { try DurableFile.flushFolder(folder) }
  }

  private static func name(of step: Int) -> String {
    let text = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - text.count)) + text
  }
}
