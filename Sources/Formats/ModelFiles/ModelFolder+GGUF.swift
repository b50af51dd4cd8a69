package import BlockFormats
package import Reproducibility

extension FileTree {
  /// The one GGUF file of a tree that holds no model in Hugging Face's layout; nil where there are
  /// none or several.
  package var ggufName: String? {
    let names = names.filter { $0.lowercased().hasSuffix(".gguf") }
    return names.count == 1 ? names.first : nil
  }
}

/// A GGUF file in place of a folder.
extension ModelFolder {
  /// The file that holds the weights, where it is a GGUF file.
  package var gguf: GGUFModel? { ggufWeights }

  /// The tree of the tokenizer's files: the folder, or an adapter's base where it has none.
  package var tokenizerTree: FileTree {
    tree["tokenizer.json"] == nil ? weightsTree : tree
  }

  /// The blocks that a matrix is stored in, in Hugging Face's order of rows; nil for vectors, and
  /// for what is not the file's as it is: a folder's tensors, those that an adapter replaces.
  package func blockFormat(of tensor: String) -> BlockFormat? {
    guard let gguf = ggufWeights, adapter?.baseLayers.contains(tensor) != true,
      (shape(of: tensor)?.count ?? 0) > 1
    else { return nil }
    return try? gguf.format(of: tensor)
  }

  /// Copies the blocks of a matrix that has a ``blockFormat(of:)``.
  ///
  /// - Parameter target: as many bytes as the blocks have.
  package func readBlocks(_ tensor: String, into target: UnsafeMutableRawBufferPointer) throws {
    guard let gguf = ggufWeights else { preconditionFailure("the folder holds a GGUF file") }
    let order = try gguf.rowOrder(of: tensor)
    try gguf.withBlocks(tensor) { _, rows, _, blocks in
      precondition(blocks.count == target.count && rows > 0, "the target has the tensor's size")
      guard let order else { return target.copyMemory(from: blocks) }
      let rowBytes = blocks.count / rows
      for (row, stored) in order.enumerated() {
        UnsafeMutableRawBufferPointer(rebasing: target[row * rowBytes..<(row + 1) * rowBytes])
          .copyMemory(
            from: UnsafeRawBufferPointer(
              rebasing: blocks[stored * rowBytes..<(stored + 1) * rowBytes]))
      }
    }
  }
}
