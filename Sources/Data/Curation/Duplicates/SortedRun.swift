/// A sorted list of numbers in a file, read from front to back.
struct SortedRun {
  private let file: SpillFile
  private let count: Int
  private let bufferCount: Int
  private var buffer: [UInt64] = []
  private var at = 0
  private var read = 0

  /// - Parameter buffer: numbers read at a time.
  init(_ values: [UInt64], folder: String, buffer: Int) throws {
    file = try SpillFile(folder: folder)
    count = values.count
    bufferCount = max(256, buffer)
    try values.withUnsafeBytes { try file.write($0, at: 0) }
  }

  /// The smallest number left.
  private mutating func head() throws -> UInt64? {
    if at == buffer.count {
      if read == count { return nil }
      let size = min(bufferCount, count - read)
      buffer = [UInt64](repeating: 0, count: size)
      let start = 8 * read
      try buffer.withUnsafeMutableBytes { try file.read($0, at: start) }
      read += size
      at = 0
    }
    return buffer[at]
  }

  /// Calls `body` with all numbers in order, about `piece` at a time; numbers with the same upper
  /// half are never cut. The runs hold different numbers.
  static func merge(
    _ runs: inout [SortedRun], piece: Int, _ body: ([UInt64]) throws -> Void
  ) throws {
    var values: [UInt64] = []
    while true {
      var best: (value: UInt64, run: Int)?
      for index in runs.indices {
        if let value = try runs[index].head(), best.map({ value < $0.value }) ?? true {
          best = (value, index)
        }
      }
      guard let best else { break }
      if values.count >= piece, let last = values.last, last >> 32 != best.value >> 32 {
        try body(values)
        values.removeAll(keepingCapacity: true)
      }
      values.append(best.value)
      runs[best.run].at += 1
    }
    if !values.isEmpty { try body(values) }
  }
}
