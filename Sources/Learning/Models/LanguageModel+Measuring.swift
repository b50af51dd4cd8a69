import BlockFormats
package import ModelFiles
package import Parallelism
package import Tensors

extension LanguageModel {
  /// A model to measure speed and memory with: evenly distributed weights of the usual size, made
  /// in a fraction of the time of ``initialized(_:seed:trainable:pool:precision:backend:)``, in
  /// any format, and never more than 4 MiB of them at once beside the model.
  package static func forMeasuring(
    _ configuration: ModelConfiguration, trainable: Trainable, pool: ThreadPool,
    precision: WeightPrecision = .float32, backend: (any Backend)? = nil
  ) -> LanguageModel {
    let decoder = Decoder(
      configuration, precision, learns: trainable.trainsWeights,
      backend: backend ?? CPUBackend(pool: pool, products: precision.products))
    let weights = WeightFiller(pool: pool)
    for (index, tensor) in decoder.tensors.enumerated() {
      switch tensor.storage {
      case .cells(let matrix):
        matrix.write(Array(repeating: tensor.shape.count == 1 ? 1 : 0.01, count: matrix.count))
      case .rows(let weight, let rows):
        fill(weight, rows, UInt64(index) << 40, weights)
      }
    }
    return withoutFiles(decoder, trainable, weights)
  }

  private static func fill(
    _ weight: WeightMatrix, _ rows: Range<Int>, _ key: UInt64, _ weights: WeightFiller
  ) {
    if weight.format.isQuantized { return fillCodes(weight, rows, key) }
    let block = max(2, (1 << 20) / weight.columns / 2 * 2)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: block) {
      let part = start..<min(rows.upperBound, start + block)
      let first = key &+ UInt64(start * weight.columns)
      let values = weights.made(part.count * weight.columns) {
        // Within ±0.035, which has the deviation of normal(0, 0.02).
        (Float(scrambled(first &+ UInt64($0)) >> 40) * 0x1p-24 - 0.5) * 0.0693
      }
      weight.write(values, rows: part)
    }
  }

  private static func fillCodes(_ weight: WeightMatrix, _ rows: Range<Int>, _ key: UInt64) {
    let count = rows.count * weight.columns
    let blocks = NF4.blockCount(count)
    let codes = (0..<NF4.codeBytes(count)).map {
      UInt8(truncatingIfNeeded: scrambled(key &+ UInt64($0)))
    }
    let nested = NF4Tensor.NestedScales(
      codes: Array(repeating: 0, count: blocks),
      absmax: Array(repeating: 0, count: DynamicMap.blockCount(blocks)), offset: 0.035)
    weight.write(
      NF4Tensor(
        shape: [rows.count, weight.columns], codes: codes,
        scales: weight.format == .nf4
          ? .nested(nested) : .plain(Array(repeating: 0.035, count: blocks))), rows: rows)
  }

  /// SplitMix64's finalizer.
  private static func scrambled(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return z ^ (z >> 27)
  }
}
