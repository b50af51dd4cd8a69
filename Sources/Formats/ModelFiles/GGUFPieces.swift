import BlockFormats
import Diagnostics
import Parallelism

/// The data part of a planned file, made in blocks of rows that threads share and written in pieces
/// of several blocks.
final class GGUFPieces {
  /// Some rows of one tensor.
  struct Block: Sendable {
    var tensor: Int
    var rows: Range<Int>
    /// Where its bytes begin in the data part.
    var offset: Int

    /// The range of its bytes within the tensor.
    func bytes(of tensor: GGUFPlan.Tensor) -> Range<Int> {
      let row = tensor.columns / tensor.format.blockElements * tensor.format.blockBytes
      return rows.lowerBound * row..<rows.upperBound * row
    }
  }

  /// A piece: blocks, and the range of the data part they fill, padding included.
  private struct Piece {
    var blocks: ArraySlice<Block>
    var range: Range<Int>
  }

  private let plan: GGUFPlan
  private let rows: GGUFRows
  /// Whole tensors that had to be computed, while blocks of them are left.
  private var computed: [Int: [Float]] = [:]

  /// 1 MiB of values in binary32: what a thread works on fits its second-level cache with its
  /// encoded bytes.
  private static let blockValues = 1 << 18
  /// Long enough that waiting for the slowest thread costs little.
  private static let pieceBytes = 16 << 20

  init(_ plan: GGUFPlan, _ weights: any GGUFWeights, _ importance: GGUFImportance?) {
    self.plan = plan
    rows = GGUFRows(weights, importance)
  }

  /// The blocks of all tensors in the order of the file.
  static func blocks(of plan: GGUFPlan) -> [Block] {
    var blocks: [Block] = []
    var offset = 0
    for (index, tensor) in plan.tensors.enumerated() {
      let rows = tensor.elementCount / max(1, tensor.columns)
      let step = max(1, blockValues / max(1, tensor.columns))
      for first in stride(from: 0, to: rows, by: step) {
        let block = Block(tensor: index, rows: first..<min(rows, first + step), offset: 0)
        blocks.append(block)
        blocks[blocks.count - 1].offset = offset + block.bytes(of: tensor).lowerBound
      }
      offset = GGUFReader.aligned(offset + tensor.byteCount, GGUFWriter.alignment)
    }
    return blocks
  }

  /// Writes everything and returns a checksum of each block.
  func write(to out: OutputFile, _ pool: ThreadPool, _ progress: (Int) throws -> Void) throws
    -> [UInt64]
  {
    let blocks = Self.blocks(of: plan)
    let pieces = pieces(blocks)
    let largest = pieces.map(\.range.count).max() ?? 0
    let buffers = (0..<2).map { _ in
      UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, largest), alignment: 64)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    var checksums: [UInt64] = []
    checksums.reserveCapacity(blocks.count)
    var done = UnsafeRawBufferPointer(start: nil, count: 0)
    for (number, piece) in pieces.enumerated() {
      try compute(piece)
      let target = UnsafeMutableRawBufferPointer(
        rebasing: buffers[number % 2][..<piece.range.count])
      checksums += try make(piece, target, writing: done, out, pool)
      done = UnsafeRawBufferPointer(target)
      let next = piece.blocks.endIndex < blocks.count ? blocks[piece.blocks.endIndex].tensor : nil
      computed = computed.filter { $0.key == next }
      try progress(next ?? plan.tensors.count)
    }
    try out.write(done)
    return checksums
  }

  private func pieces(_ blocks: [Block]) -> [Piece] {
    var pieces: [Piece] = []
    var first = 0
    var start = 0
    for index in blocks.indices {
      let isLast = index + 1 == blocks.count
      let tensor = plan.tensors[blocks[index].tensor]
      let end =
        isLast
        ? GGUFReader.aligned(
          blocks[index].offset + blocks[index].bytes(of: tensor).count, GGUFWriter.alignment)
        : blocks[index + 1].offset
      guard isLast || end - start >= Self.pieceBytes else { continue }
      pieces.append(Piece(blocks: blocks[first...index], range: start..<end))
      (first, start) = (index + 1, end)
    }
    return pieces
  }

  /// Computes the whole tensors that the piece has rows of and that are not stored.
  private func compute(_ piece: Piece) throws {
    for block in piece.blocks where computed[block.tensor] == nil {
      if let values = try rows.computed(plan.tensors[block.tensor]) {
        computed[block.tensor] = values
      }
    }
  }

  /// Encodes a piece while the bytes before it are digested and written.
  private func make(
    _ piece: Piece, _ target: UnsafeMutableRawBufferPointer,
    writing done: UnsafeRawBufferPointer, _ out: OutputFile, _ pool: ThreadPool
  ) throws -> [UInt64] {
    // Task 0 alone uses the digest, task 1 alone the file, every other its own part of the target;
    // all read the rest.
    nonisolated(unsafe) let (out, target, done, this) = (out, target, done, self)
    let tasks = Array(0..<piece.blocks.count + 2)
    let sums = try pool.map(tasks) { task -> UInt64 in
      if task == 0 {
        out.digest(done)
        return 0
      }
      if task == 1 {
        try out.put(done)
        return 0
      }
      let block = piece.blocks[piece.blocks.startIndex + task - 2]
      let tensor = this.plan.tensors[block.tensor]
      let start = block.offset - piece.range.lowerBound
      let end = start + block.bytes(of: tensor).count
      let bytes = UnsafeMutableRawBufferPointer(rebasing: target[start..<end])
      let next = piece.blocks.startIndex + task - 1
      let padded =
        next < piece.blocks.endIndex ? piece.blocks[next].offset : piece.range.upperBound
      UnsafeMutableRawBufferPointer(rebasing: target[end..<padded - piece.range.lowerBound])
        .initializeMemory(as: UInt8.self, repeating: 0)
      try this.rows.encode(tensor, block.rows, this.computed[block.tensor], to: bytes)
      return Checksum.of(UnsafeRawBufferPointer(bytes))
    }
    return Array(sums.dropFirst(2))
  }
}
