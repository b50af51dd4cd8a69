import CUDAEmulation
import Glibc
import Testing

/// Memory of a card, for the emulation: pages that may not be touched lie before and behind it.
final class Cells<Element: BitwiseCopyable> {
  let count: Int
  let address: UnsafeMutablePointer<Element>
  private let memory: UnsafeMutableRawPointer
  private let byteCount: Int

  init(_ values: [Element]) {
    count = values.count
    let page = 4096
    // Whole groups of 16 bytes, so that the first one is aligned as a card's memory is.
    let size = (values.count * MemoryLayout<Element>.stride + 15) / 16 * 16
    byteCount = (size + page - 1) / page * page + 2 * page
    memory = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    mprotect(memory, page, PROT_NONE)
    mprotect(memory + byteCount - page, page, PROT_NONE)
    address = (memory + byteCount - page - size).bindMemory(
      to: Element.self, capacity: max(1, count))
    for (index, value) in values.enumerated() { address[index] = value }
  }

  deinit { munmap(memory, byteCount) }

  var values: [Element] { (0..<count).map { address[$0] } }
}

/// A matrix in such memory whose rows lie `gap` cells apart; the gaps hold NaN and stay so.
struct Plane {
  let cells: Cells<Float>
  let rows, columns, stride: Int

  init(_ table: Table, gap: Int = 0) {
    (rows, columns, stride) = (table.rows, table.columns, table.columns + gap)
    var values: [Float] = []
    for row in 0..<table.rows {
      values += (0..<table.columns).map { Float(table[row, $0]) }
      values += Array(repeating: .nan, count: gap)
    }
    cells = Cells(values)
  }

  var table: Table {
    Table(
      rows, columns,
      (0..<rows * columns).map { Double(cells.address[$0 / columns * stride + $0 % columns]) })
  }

  var hasWholeGaps: Bool {
    (0..<rows * stride).allSatisfy { $0 % stride < columns || cells.address[$0].isNaN }
  }

  /// Some of its columns, in the same memory.
  func from(_ column: Int) -> Passed {
    Passed([word(cells.address + column), UInt64(stride)], keeping: [cells])
  }
}

/// The same rounded to bfloat16: what lies in the gaps is not a number either.
struct HalfPlane {
  let cells: Cells<UInt16>
  let stride: Int

  init(_ table: Table, gap: Int) {
    stride = table.columns + gap
    let rounded = table.roundedToBfloat16
    var values: [UInt16] = []
    for row in 0..<table.rows {
      values += (0..<table.columns).map { UInt16(Float(rounded[row, $0]).bitPattern >> 16) }
      values += Array(repeating: 0x7FC0, count: gap)
    }
    cells = Cells(values)
  }

  func from(_ column: Int) -> Passed {
    Passed([word(cells.address + column), UInt64(stride)], keeping: [cells])
  }
}

/// Arguments of a launch, 8 bytes each, and the memory that they tell of.
struct Passed {
  let words: [UInt64]
  private let memory: [AnyObject]

  init(_ words: [UInt64], keeping memory: [AnyObject] = []) {
    (self.words, self.memory) = (words, memory)
  }

  static func int(_ values: Int...) -> Passed {
    Passed(values.map { UInt64(UInt32(bitPattern: Int32($0))) })
  }
  static func long(_ values: Int...) -> Passed {
    Passed(values.map { UInt64(bitPattern: Int64($0)) })
  }
  static func float(_ values: Float...) -> Passed { Passed(values.map { UInt64($0.bitPattern) }) }
  static func unsigned(_ value: UInt32) -> Passed { Passed([UInt64(value)]) }
  static var nowhere: Passed { Passed([0]) }
  /// Address and stride.
  static func plane(_ plane: Plane) -> Passed { plane.from(0) }
  static func cells<Element>(_ cells: Cells<Element>) -> Passed {
    Passed([word(cells.address)], keeping: [cells])
  }
  static func weights(_ weights: StoredWeights) -> Passed { weights.passed }
}

func word<Element>(_ address: UnsafePointer<Element>) -> UInt64 {
  UInt64(UInt(bitPattern: address))
}

func word<Element>(_ address: UnsafeMutablePointer<Element>) -> UInt64 {
  UInt64(UInt(bitPattern: address))
}

/// Runs a kernel on the host.
func launch(
  _ kernel: String, grid: (Int, Int, Int), block: (Int, Int), shared: UInt32 = 0,
  _ arguments: Passed..., sourceLocation: SourceLocation = #_sourceLocation
) {
  var words = arguments.flatMap(\.words)
  let size = [grid.0, grid.1, grid.2].map { UInt32($0) }
  let threads = [UInt32(block.0), UInt32(block.1), 1]
  let status = words.withUnsafeMutableBufferPointer { words in
    var addresses = words.indices.map { index -> UnsafeMutableRawPointer? in
      words.baseAddress.map { UnsafeMutableRawPointer($0 + index) }
    }
    return withExtendedLifetime(arguments) {
      orc_emulate(kernel, size, threads, shared, &addresses)
    }
  }
  #expect(status == 0, "\(kernel) was launched", sourceLocation: sourceLocation)
}

/// The grid of a launch by cells, its block is (32, 8).
func cellGrid(_ rows: Int, _ columns: Int) -> (Int, Int, Int) {
  ((columns + 127) / 128, min((rows + 7) / 8, 65535), 1)
}
