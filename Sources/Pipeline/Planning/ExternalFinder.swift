package import Diagnostics
private import Foundation
package import StageKit

/// A folder or a file outside the store that an input names.
package struct FoundTree: Sendable {
  /// As written.
  var source: String
  var type: ArtifactType
  /// Absolute.
  package var folder: String
  /// Relative names; paths below `folder`.
  package var files: [FoundFile]
}

extension FileFinder {
  /// The files of a path given to an input: all below a folder, or the one file. Names that start
  /// with a dot are left out.
  ///
  /// - Throws: ``Failure`` of class `badInput`.
  package func tree(_ source: String, _ type: ArtifactType, at span: SourceSpan) throws -> FoundTree
  {
    let shown = SafeText.escaped(source, limit: 200)
    func problem(_ message: String, fix: String? = nil) -> Failure {
      Diagnostic("files.no-match", message, at: span, fix: fix).failure(.badInput)
    }
    guard !source.utf8.contains(0) else { throw problem("'\(shown)' is no path") }
    let joined = source.hasPrefix("/") ? source : folder + "/" + source
    let path = (joined as NSString).standardizingPath
    switch HostFile.info(path)?.kind {
    case .file:
      let name = (path as NSString).lastPathComponent
      let parent = (path as NSString).deletingLastPathComponent
      return FoundTree(
        source: source, type: type, folder: parent,
        files: [FoundFile(name: name, path: path, span: span)])
    case .folder:
      var names: [String] = []
      list(path, "", &names, depth: 0)
      guard !names.isEmpty else { throw problem("the folder '\(shown)' holds no file") }
      names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return FoundTree(
        source: source, type: type, folder: path,
        files: names.map { FoundFile(name: $0, path: path + "/" + $0, span: span) })
    case .other: throw problem("'\(shown)' is neither a file nor a folder")
    case nil:
      throw problem(
        "there is no file or folder '\(shown)'",
        fix: "paths are relative to the folder of the pipeline file")
    }
  }

  func list(_ root: String, _ prefix: String, _ names: inout [String], depth: Int) {
    guard depth < 32,
      let entries = try? FileManager.default.contentsOfDirectory(atPath: root + "/" + prefix)
    else { return }
    for entry in entries where !entry.hasPrefix(".") {
      switch HostFile.info(root + "/" + prefix + entry)?.kind {
      case .file: names.append(prefix + entry)
      case .folder: list(root, prefix + entry + "/", &names, depth: depth + 1)
      default: continue
      }
    }
  }
}
