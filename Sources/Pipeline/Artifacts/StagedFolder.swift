private import Diagnostics
private import Foundation
private import Glibc
private import Reproducibility

/// A folder that a stage filled and nobody has published yet.
enum StagedFolder {
  /// Names of all regular files below `folder`, sorted by their bytes. Links to files, and files
  /// with names outside of the outputs, are replaced by copies of their bytes.
  ///
  /// - Throws: ``Failure`` of class `badInput` for anything that is neither file nor folder.
  static func files(
    in folder: String, _ links: OutputLinks, below prefix: String = ""
  ) throws -> [String] {
    var found: [String] = []
    for name in try DurableFile.names(in: folder + "/" + prefix) {
      let relative = prefix + name
      let path = folder + "/" + relative
      var info = stat()
      guard lstat(path, &info) == 0 else { throw SystemError.failure("read", path) }
      switch info.st_mode & S_IFMT {
      case S_IFDIR:
        found += try files(in: folder, links, below: relative + "/")
      case S_IFREG:
        if info.st_nlink > 1, !links.holdsAllNames(of: info) { try copyInPlace(path) }
        found.append(relative)
      case S_IFLNK where size(path) != nil:
        try copyInPlace(path)
        found.append(relative)
      default:
        throw Diagnostic(
          "stage.not-a-file",
          "the output '\(SafeText.escaped(relative))' is neither a file nor a folder"
        ).failure(.stageFailed)
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The size of a regular file (links followed), or nil.
  static func size(_ path: String) -> Int? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(info.st_size)
  }

  private static func copyInPlace(_ path: String) throws {
    let copy = path + DurableFile.temporaryPrefix
    do {
      try FileManager.default.copyItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path, toPath: copy)
    } catch {
      throw Diagnostic(
        "io.copy", "cannot copy '\(SafeText.escaped(path, limit: 300))' into an artifact"
      ).failure(.io)
    }
    try DurableFile.rename(copy, to: path)
  }
}
