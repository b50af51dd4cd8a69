internal import Diagnostics
private import Foundation
internal import ModelFiles
internal import Reproducibility

/// Files that go into an exported folder as they are.
enum HFFiles {
  static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// The tree that holds the tokenizer of a model: its own, or an adapter's base's.
  static func tokenizerTree(_ folder: ModelFolder) -> FileTree {
    folder.tree["tokenizer.json"] == nil ? folder.weightsTree : folder.tree
  }

  /// Names of license files of a tree, in order.
  static func licenses(_ tree: FileTree) -> [String] {
    tree.names.filter { name in
      !name.contains("/")
        && ["LICENSE", "LICENCE", "NOTICE", "USE_POLICY"].contains {
          name.uppercased().hasPrefix($0)
        }
    }
  }
}
