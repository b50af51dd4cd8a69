internal import Diagnostics
private import Foundation

/// Named files, wherever their bytes lie: a folder on disk, or the objects of a published artifact.
///
/// Names are relative, with `/`; never absolute, never with `..`.
package struct FileTree: Sendable, Hashable, Codable {
  /// Name → absolute path.
  package private(set) var paths: [String: String]

  package init(paths: [String: String]) { self.paths = paths }

  /// Every regular file below `folder` (links followed for files, not for folders).
  ///
  /// - Throws: ``Failure`` of class `io` when the folder cannot be listed.
  package init(folder: String) throws {
    paths = [:]
    guard let walker = FileManager.default.enumerator(atPath: folder) else {
      throw Diagnostic("io.no-folder", "'\(SafeText.escaped(folder))' is not a readable folder")
        .failure(.io)
    }
    while let name = walker.nextObject() as? String {
      let path = folder + "/" + name
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
        paths[name] = path
      }
    }
  }

  /// Names in order of their bytes.
  package var names: [String] {
    paths.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The absolute path of `name`, or nil.
  package subscript(name: String) -> String? { paths[name] }

  /// The absolute path of `name`.
  ///
  /// - Throws: ``Failure`` of class `badInput` that names the file and what there is.
  package func path(_ name: String) throws -> String {
    if let path = paths[name] { return path }
    let nearest = NearestName.suggestion(for: name, among: Array(paths.keys))
    throw Diagnostic(
      "files.missing", "the file '\(SafeText.escaped(name))' is missing",
      fix: nearest.map { "found '\($0)' instead" }
    ).failure(.badInput)
  }
}
