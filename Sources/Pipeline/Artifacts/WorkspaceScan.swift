private import Diagnostics
private import Glibc
internal import Reproducibility

/// What lies in the workspace where a stage writes.
package enum WorkspaceScan {
  package enum Kind: Sendable { case nothing, file, folder, other }

  /// Links followed; one that leads nowhere is `other`.
  package static func kind(_ path: String) -> Kind {
    var info = stat()
    guard stat(path, &info) == 0 else {
      return lstat(path, &info) == 0 ? .other : .nothing
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  package static func isLink(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }

  /// Relative names of all regular files below a folder, those that begin with a dot and links to
  /// files included, sorted by their bytes.
  ///
  /// - Throws: ``Failure`` of class `stageFailed` for a link to a folder or to nothing, a pipe, a
  ///   socket, a device.
  package static func names(below root: String, _ prefix: String = "") throws -> [String] {
    var found: [String] = []
    for name in try DurableFile.names(in: root + "/" + prefix) {
      let path = root + "/" + prefix + name
      switch kind(path) {
      case .file: found.append(prefix + name)
      case .folder where !isLink(path): found += try names(below: root, prefix + name + "/")
      default:
        throw Diagnostic(
          "stage.not-a-file",
          "'\(SafeText.escaped(path, limit: 300))' is neither a file nor a folder of its own",
          fix: "an output holds regular files and links to files"
        ).failure(.stageFailed)
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Relative names of everything below a folder that is no folder.
  static func entries(below root: String, _ prefix: String = "") throws -> [String] {
    var found: [String] = []
    for name in try DurableFile.names(in: root + "/" + prefix) {
      let path = root + "/" + prefix + name
      if kind(path) == .folder, !isLink(path) {
        found += try entries(below: root, prefix + name + "/")
      } else {
        found.append(prefix + name)
      }
    }
    return found
  }

  /// Makes `folder`, which is `root` or below it, replacing what is no folder on the way.
  static func makeRealFolder(_ folder: String, below root: String) throws {
    if folder == root { return }
    try makeRealFolder(DurableFile.parent(of: folder), below: root)
    if kind(folder) == .folder, !isLink(folder) { return }
    try DurableFile.remove(folder)
    try DurableFile.makeFolder(folder)
  }
}

extension WorkspaceScan {
  package static func isExecutable(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & 0o111 != 0
  }
}
