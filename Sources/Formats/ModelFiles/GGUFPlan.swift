package import BlockFormats
import Diagnostics
package import Parallelism

/// A GGUF file that is decided but not yet written.
package struct GGUFPlan: Sendable {
  /// Where a tensor's values come from.
  package enum Source: Sendable, Hashable {
    /// The weight of this Hugging Face name.
    case weight(String)
    /// The same, with the rows of each head in llama.cpp's order.
    case headRows(String, headSize: Int)
    case values([Float])
  }

  package struct Tensor: Sendable {
    package var name: String
    package var format: BlockFormat
    /// Innermost dimension first.
    package var dimensions: [Int]
    package var source: Source
  }

  package var pairs: [GGUFPair]
  package var tensors: [Tensor]

  /// Bytes of the tensors, without padding.
  package var byteCount: Int {
    tensors.reduce(0) {
      $0 + ($1.format.byteCount(elements: $1.dimensions.reduce(1, *)) ?? 0)
    }
  }

  /// Writes the file, tensor by tensor; peak memory is the largest tensor in binary32, twice, and
  /// its encoded bytes.
  ///
  /// - Parameters:
  ///   - floats: the values of a weight by its Hugging Face name.
  ///   - progress: called after each tensor with the number done.
  /// - Throws: ``Failure`` that names the tensor when a value does not fit the type, or of class
  ///   `io`; what `floats` and `progress` throw.
  package func write(
    to path: String, pool: ThreadPool, progress: (Int) throws -> Void = { _ in },
    floats: (String) throws -> [Float]
  ) throws -> GGUFWriter.Written {
    try withoutActuallyEscaping(floats) { floats in
      try withoutActuallyEscaping(progress) { progress in
        let output = tensors.enumerated().map { index, tensor in
          GGUFWriter.Tensor(
            name: tensor.name, format: tensor.format, dimensions: tensor.dimensions
          ) {
            if index > 0 { try progress(index) }
            return try bytes(of: tensor, pool, floats)
          }
        }
        let written = try GGUFWriter.write(pairs, output, to: path)
        try progress(tensors.count)
        return written
      }
    }
  }

  /// Opens the file with the strict reader and compares keys, tensors and their bytes with what
  /// was written.
  ///
  /// - Throws: ``Failure`` of class `internal` when the file is not what was planned.
  package func verify(_ path: String, _ written: GGUFWriter.Written) throws {
    let file = try GGUFReader(path: path)
    func differs(_ what: String) -> Failure {
      Diagnostic("gguf.verify", "\(SafeText.path(path)): \(what) differ from what was written")
        .failure(.internal)
    }
    guard file.pairs == pairs else { throw differs("the keys") }
    guard file.tensors.map(\.name) == tensors.map(\.name) else { throw differs("the tensors") }
    for (index, tensor) in file.tensors.enumerated() {
      let planned = tensors[index]
      let digest = file.withBytes(tensor) { GGUFWriter.digest(of: $0) }
      guard tensor.dimensions == planned.dimensions,
        tensor.layout.ggmlType == planned.format.ggmlType, digest == written.tensorDigests[index]
      else { throw differs("the values of '\(tensor.name)'") }
    }
  }

  private func bytes(
    of tensor: Tensor, _ pool: ThreadPool, _ floats: (String) throws -> [Float]
  ) throws -> [UInt8] {
    let values: [Float]
    let name: String
    switch tensor.source {
    case .values(let given): (values, name) = (given, tensor.name)
    case .weight(let weight): (values, name) = (try floats(weight), weight)
    case .headRows(let weight, let headSize):
      let rows = tensor.dimensions.last ?? 1
      values = HeadRows.interleaved(try floats(weight), rows: rows, headSize: headSize)
      name = weight
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw Diagnostic(
        "model.not-finite",
        "the tensor '\(SafeText.escaped(name))' holds \(values[place].isNaN ? "NaN" : "infinity") "
          + "(value \(place) of \(values.count))",
        fix: "the training that made the weights diverged; lower the learning rate"
      ).failure(.badInput)
    }
    return try tensor.format.encoded(values, tensor: name, pool: pool)
  }
}
