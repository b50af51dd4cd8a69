package import BlockFormats
import Diagnostics
package import Parallelism

/// A GGUF file that is decided but not yet written.
package struct GGUFPlan: Sendable {
  package struct Tensor: Sendable {
    package var name: String
    package var format: BlockFormat
    /// Innermost dimension first.
    package var dimensions: [Int]
    /// Hugging Face's names of the weights that are stored one after another; none when ``values``
    /// are given.
    var parts: [String] = []
    /// Given instead of weights.
    var values: [Float] = []
    /// The head size when the rows of each head change places, see ``HeadRows``.
    var interleavedHeadSize: Int?
    var addsOne = false

    init(name: String, format: BlockFormat, dimensions: [Int], values: [Float]) {
      self.name = name
      self.format = format
      self.dimensions = dimensions
      self.values = values
    }

    init(_ stored: GGUFLayout.Stored, _ format: BlockFormat) {
      name = stored.name
      self.format = format
      dimensions = stored.shape.reversed()
      parts = stored.parts
      interleavedHeadSize = stored.interleavedHeadSize
      addsOne = stored.addsOne
    }

    /// Values of a row.
    var columns: Int { dimensions.first ?? 1 }
    var elementCount: Int { dimensions.reduce(1, *) }
    var byteCount: Int {
      guard let count = format.byteCount(elements: elementCount) else {
        preconditionFailure("'\(name)' does not fill whole blocks")
      }
      return count
    }
  }

  package var pairs: [GGUFPair]
  package var tensors: [Tensor]

  /// Bytes of the tensors, without padding.
  package var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

  /// Writes the file in pieces of some MiB: weights are read, checked and encoded by rows, while
  /// the piece before is digested and written. Memory holds two pieces; of a weight that has to be
  /// computed, the whole tensor in binary32.
  ///
  /// - Parameters:
  ///   - importance: what the errors of each tensor's columns weigh, where the type takes that.
  ///   - progress: called with the number of tensors done.
  /// - Throws: ``Failure`` that names the tensor when a value does not fit the type, or of class
  ///   `io`; what `weights` and `progress` throw.
  package func write(
    to path: String, pool: ThreadPool, weights: some GGUFWeights,
    importance: GGUFImportance? = nil, progress: (Int) throws -> Void = { _ in }
  ) throws -> GGUFWriter.Written {
    let pieces = GGUFPieces(self, weights, importance)
    try importance?.check(for: self)
    return try GGUFWriter.write(
      pairs, tensors.map { .init(name: $0.name, format: $0.format, dimensions: $0.dimensions) },
      to: path
    ) { out in
      try pieces.write(to: out, pool, progress)
    }
  }

  /// The same from weights that are computed one at a time.
  package func write(
    to path: String, pool: ThreadPool, progress: (Int) throws -> Void = { _ in },
    floats: @escaping @Sendable (String) throws -> [Float]
  ) throws -> GGUFWriter.Written {
    try write(
      to: path, pool: pool, weights: GGUFComputedWeights(values: floats), progress: progress)
  }

  /// Opens the file with the strict reader and compares keys, tensors and a checksum of each part
  /// of their bytes with what was written.
  ///
  /// - Throws: ``Failure`` of class `internal` when the file is not what was planned.
  package func verify(
    _ path: String, _ written: GGUFWriter.Written, pool: ThreadPool = ThreadPool(threads: 1)
  ) throws {
    let file = try GGUFReader(path: path)
    func differs(_ what: String) -> Failure {
      Diagnostic("gguf.verify", "\(SafeText.path(path)): \(what) differ from what was written")
        .failure(.internal)
    }
    guard file.pairs == pairs else { throw differs("the keys") }
    guard file.tensors.map(\.name) == tensors.map(\.name) else { throw differs("the tensors") }
    for (tensor, planned) in zip(file.tensors, tensors) {
      guard tensor.dimensions == planned.dimensions,
        tensor.layout.ggmlType == planned.format.ggmlType
      else { throw differs("the dimensions of '\(tensor.name)'") }
    }
    let blocks = GGUFPieces.blocks(of: self)
    precondition(blocks.count == written.checksums.count, "the file was written by another plan")
    let found = try pool.map(blocks) { block in
      let tensor = file.tensors[block.tensor]
      return file.withBytes(tensor, block.bytes(of: tensors[block.tensor])) { Checksum.of($0) }
    }
    for (index, block) in blocks.enumerated() where found[index] != written.checksums[index] {
      throw differs("the values of '\(tensors[block.tensor].name)'")
    }
  }
}
