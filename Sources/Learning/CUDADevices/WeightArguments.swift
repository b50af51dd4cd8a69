internal import BlockFormats
internal import Tensors

/// One tensor of a stack, as kernels take weights (`WEIGHTS` in `orc_cuda_kernels.h`).
struct WeightArguments {
  /// Its rows in the stack.
  let rows: Range<Int>
  let format: WeightMatrix.Format
  /// The first cell or byte of its row 0.
  let codes: UInt64
  let arguments: [KernelArgument]

  private init(
    _ w: WeightMatrix, _ rows: Range<Int>, codes: UInt64, kind: Int32, scales: UInt64 = 0,
    absmax: UInt64 = 0, offset: UInt64 = 0, map: UInt64 = 0
  ) {
    self.rows = rows
    format = w.format
    self.codes = codes
    arguments = [
      .address(codes), .address(scales), .address(absmax), .address(offset), .address(map),
      .int(kind),
    ]
  }

  /// The tensors of a matrix; one where it is not a stack.
  ///
  /// - Parameter map: the signed code book of ``DynamicMap`` on the card.
  static func parts(_ w: WeightMatrix, map: UInt64) -> [WeightArguments] {
    guard let memory = w.memory as? CUDAMemory else {
      preconditionFailure("a CUDA backend works on its own memory")
    }
    func cell(_ index: Int) -> UInt64 { memory.address + UInt64(4 * index) }
    switch w.format {
    case .float32:
      return [
        WeightArguments(w, 0..<w.rows, codes: cell(w.firstRow * w.columns), kind: 0)
      ]
    case .bfloat16:
      let start = memory.address + UInt64(2 * w.firstRow * w.columns)
      return [WeightArguments(w, 0..<w.rows, codes: start, kind: 1)]
    case .nf4Plain, .nf4, .blocks:
      return w.parts.map { part in
        switch part.scales {
        case .plain(let scales):
          WeightArguments(
            w, part.rows, codes: cell(part.codes), kind: 2, scales: cell(scales))
        case .nested(let scales, let absmax, let offset):
          WeightArguments(
            w, part.rows, codes: cell(part.codes), kind: 3, scales: cell(scales),
            absmax: cell(absmax), offset: cell(offset), map: map)
        case .inBlocks(let format):
          WeightArguments(
            w, part.rows, codes: cell(part.codes), kind: 100 + Int32(format.ggmlType))
        }
      }
    }
  }
}
