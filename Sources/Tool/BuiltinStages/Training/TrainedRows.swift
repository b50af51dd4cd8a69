internal import Reproducibility
internal import StageKit

/// A model refers to the rows that it was trained on, by itself or in a model it was made from, so
/// that a gate can look for test rows among them.
extension StageContext {
  /// - Parameters:
  ///   - port: an output model.
  ///   - inputs: ports of records and models that it was made from; absent ones are passed over.
  func referTrainedRows(from port: String, inputs: [String]) {
    for input in inputs.compactMap({ optionalInput($0) }) {
      if input.type == .records { refer(from: port, to: input.digest) }
      for digest in input.trainedRows.map(\.digest) { refer(from: port, to: digest) }
    }
  }
}

extension InputArtifact {
  /// Records that a model says it was trained on, in order of their digests.
  var trainedRows: [(digest: Digest, tree: FileTree)] {
    references.filter { $0.value.type == .records }.sorted { $0.key < $1.key }
      .compactMap { entry in Digest(hex: entry.key).map { ($0, entry.value.tree) } }
  }
}
