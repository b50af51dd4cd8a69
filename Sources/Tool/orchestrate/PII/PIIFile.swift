import Foundation
import Parallelism
import Scrubbing

/// A file in pieces on all cores: what is held in memory does not grow with the file, and output
/// keeps its order.
struct PIIFile {
  private let work: PIIWork
  private let pool = ThreadPool(threads: ThreadPool.allowedCPUs)

  /// Bytes of a piece: enough that a thread's start does not count.
  private static let pieceSize = 1 << 20
  /// Pieces at a time.
  private static let piecesAtOnce = 16

  init(_ work: PIIWork) { self.work = work }

  /// A piece of lines, and the number of its first.
  ///
  /// - Note: `@unchecked Sendable`: read only, and alive while the file is mapped.
  private struct Piece: @unchecked Sendable {
    var bytes: UnsafeBufferPointer<UInt8>
    var firstLine: Int
  }

  func rows(_ bytes: UnsafeBufferPointer<UInt8>) throws -> PIIWork.Result {
    var total = PIIWork.Result()
    var start = 0
    var line = 1
    while start < bytes.count {
      var pieces: [Piece] = []
      while pieces.count < Self.piecesAtOnce, start < bytes.count {
        let end = Self.lineEnd(bytes, from: start)
        let piece = UnsafeBufferPointer(rebasing: bytes[start..<end])
        pieces.append(Piece(bytes: piece, firstLine: line))
        line += Self.lineFeeds(piece)
        start = end
      }
      for result in try pool.map(pieces, { try work.rows($0.bytes, firstLine: $0.firstLine) }) {
        total.add(result)
        try write(result.bytes)
      }
    }
    return total
  }

  /// A text is cut at line ends too; places count from its start.
  func text(_ bytes: UnsafeBufferPointer<UInt8>) throws -> PIIWork.Result {
    var total = PIIWork.Result()
    total.rows = 1
    var out = Array("{\"id\":\"".utf8)
    out.append(contentsOf: work.file.utf8.map { $0 == 0x22 || $0 == 0x5C ? 0x5F : $0 })
    out.append(UInt8(ascii: "\""))
    var found: [Detection] = []
    var start = 0
    while start < bytes.count {
      let end = Self.lineEnd(bytes, from: start)
      let piece = ByteText(UnsafeBufferPointer(rebasing: bytes[start..<end]))
      let detections = work.detector.detections(in: piece)
      for detection in detections { total.counts[detection.entity, default: 0] += 1 }
      switch work.output {
      case .counts: break
      case .scrubbed: try write(Array(work.scrubber.scrub(piece, detections).utf8))
      case .spans:
        found += detections.map { detection in
          var moved = detection
          moved.range = detection.range.lowerBound + start..<detection.range.upperBound + start
          return moved
        }
      }
      start = end
    }
    total.touched = total.counts.isEmpty ? 0 : 1
    if work.output == .spans {
      PIISpans.append(found, ByteText(bytes), to: &out)
      try write(out)
    }
    return total
  }

  /// Behind the line end at or after a piece's size.
  private static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let least = start + pieceSize
    guard least < bytes.count else { return bytes.count }
    return bytes[least...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
  }

  private static func lineFeeds(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    var start = 0
    while start < piece.count {
      start = PIIWork.lineEnd(piece, from: start) + 1
      if start <= piece.count { count += 1 }
    }
    return count
  }

  private func write(_ bytes: [UInt8]) throws {
    guard !bytes.isEmpty else { return }
    try bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress else { return }
      let data = Data(
        bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: all.count, deallocator: .none)
      try FileHandle.standardOutput.write(contentsOf: data)
    }
  }
}
