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

  /// The same, and of a folder the float type of a matrix in binary16 or bfloat16 as the format of its
  /// blocks: what a device that decodes weights itself keeps them in.
  package func storedFormat(of tensor: String) -> BlockFormat? {
    if ggufWeights != nil { return blockFormat(of: tensor) }
    guard isReadInParts(tensor), (shape(of: tensor)?.count ?? 0) > 1 else { return nil }
    switch type(of: tensor) {
    case .F16: return .f16
    case .BF16: return .bf16
    default: return nil
    }
  }

  /// Copies rows of a matrix that has a ``storedFormat(of:)``.
  ///
  /// - Parameter target: as many bytes as the rows have.
  package func readBlocks(
    _ tensor: String, rows: Range<Int>, into target: UnsafeMutableRawBufferPointer
  ) throws {
    guard let gguf = ggufWeights else {
      let columns = shape(of: tensor)?.last ?? 0
      try copy(
        tensor, elements: rows.lowerBound * columns..<rows.upperBound * columns, into: target)
      return
    }
    let order = try gguf.rowOrder(of: tensor)
    try gguf.withBlocks(tensor) { _, count, _, blocks in
      let rowBytes = blocks.count / max(1, count)
      precondition(
        rows.upperBound <= count && target.count == rows.count * rowBytes,
        "the target has the rows' size")
      for (index, row) in rows.enumerated() {
        let stored = order?[row] ?? row
        UnsafeMutableRawBufferPointer(rebasing: target[index * rowBytes..<(index + 1) * rowBytes])
          .copyMemory(
            from: UnsafeRawBufferPointer(
              rebasing: blocks[stored * rowBytes..<(stored + 1) * rowBytes]))
      }
    }
  }
}
