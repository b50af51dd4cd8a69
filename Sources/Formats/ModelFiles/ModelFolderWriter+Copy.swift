package import Reproducibility

extension ModelFolderWriter {
  /// Copies the file `name` of a tree byte for byte; nothing where the tree has none.
  package static func copy(_ name: String, from tree: FileTree, to folder: String) throws {
    guard let path = tree[name] else { return }
    let file = try MappedFile(path: path)
    let out = try OutputFile(path: folder + "/" + name)
    try withExtendedLifetime(file) { try out.write(file.bytes) }
    _ = try out.finish()
  }
}
