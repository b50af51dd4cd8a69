package import BlockFormats
package import ModelFiles
package import Tensors

/// How frozen weights are stored; weights that learn are float32, norms and biases always.
package struct WeightPrecision: Sendable, Hashable {
  /// Matrices of the layers.
  package var linears: WeightMatrix.Format
  /// Embedding and head: float32 or bfloat16.
  package var tables: WeightMatrix.Format
  /// What weights in bfloat16 are multiplied in, by the backend that is made with the model; one
  /// that is handed over has its own.
  package var products: ProductPrecision
  /// Matrices that stay in the blocks of a GGUF file, by Hugging Face's names: of models that
  /// nothing learns in.
  package var blocks: [String: BlockFormat] = [:]

  package init(
    linears: WeightMatrix.Format = .float32, tables: WeightMatrix.Format = .float32,
    products: ProductPrecision = .float32
  ) {
    precondition(!tables.isQuantized, "embeddings and heads keep 16 bits or more")
    self.linears = linears
    self.tables = tables
    self.products = products
  }

  package static let float32 = WeightPrecision()

  /// The smallest that loses nothing: bfloat16 where all matrices of a kind are stored so.
  package static func stored(in folder: ModelFolder) -> WeightPrecision {
    if folder.gguf != nil { return dequantized(folder) }
    func format(_ names: [String]) -> WeightMatrix.Format {
      names.allSatisfy { folder.isReadInParts($0) && folder.type(of: $0) == .BF16 }
        ? .bfloat16 : .float32
    }
    let ends = [ModelConfiguration.embeddingPath, ModelConfiguration.headPath]
      .map { $0 + ".weight" }
    let shapes = folder.configuration.tensorShapes.filter { $0.shape.count > 1 }.map(\.name)
    return WeightPrecision(
      linears: format(shapes.filter { !ends.contains($0) }),
      tables: format(shapes.filter { ends.contains($0) }))
  }

  /// For generation and scoring: a GGUF file's matrices as the file holds them. A folder's are float32
  /// on the host, where that is faster, and as stored on a device that decodes weights as it reads
  /// them: bfloat16 and binary16 take half the memory and half the time.
  package static func forInference(
    _ folder: ModelFolder, on backend: (any Backend)?
  ) -> WeightPrecision {
    let keepsStored = backend?.decodesWeights == true
    var precision =
      keepsStored && folder.gguf == nil ? WeightPrecision.stored(in: folder) : .float32
    let ends = [ModelConfiguration.embeddingPath, ModelConfiguration.headPath]
      .map { $0 + ".weight" }
    for name in folder.tensorNames {
      let kept = ends.contains(name) ? precision.tables : precision.linears
      guard kept == .float32 else { continue }
      let format = keepsStored ? folder.storedFormat(of: name) : folder.blockFormat(of: name)
      if let format { precision.blocks[name] = format }
    }
    return precision
  }

  /// bfloat16 where all matrices of a kind are BF16 in the file; else float32, which loses nothing
  /// of any type.
  private static func dequantized(_ folder: ModelFolder) -> WeightPrecision {
    let ends = [ModelConfiguration.embeddingPath, ModelConfiguration.headPath]
      .map { $0 + ".weight" }
    func format(_ isEnd: Bool) -> WeightMatrix.Format {
      let names = folder.tensorNames.filter { ends.contains($0) == isEnd }
      let formats = names.compactMap { folder.blockFormat(of: $0) }
      return formats.allSatisfy { $0 == .bf16 } ? .bfloat16 : .float32
    }
    return WeightPrecision(linears: format(false), tables: format(true))
  }
}
