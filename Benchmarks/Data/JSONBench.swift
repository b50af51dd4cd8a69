import Documents
import Foundation
import Processes
import Records

/// Megabytes of JSON Lines per second of processor time, the best of some rounds: checked and left on
/// a tape, made a tree of values, and encoded as rows with their identity (chat rows).
struct JSONBench {
  private let path: String
  private let rounds: Int

  init(_ arguments: [String]) throws {
    guard let path = arguments.first else { throw DataBench.Problem(message: DataBench.usage) }
    self.path = path
    let place = arguments.firstIndex(of: "--repeat").map { $0 + 1 }
    rounds = place.flatMap { $0 < arguments.count ? Int(arguments[$0]) : nil } ?? 3
  }

  func run() throws {
    let reader = try SourceReader(path, file: path, format: .jsonl)
    var batches: [SourceBatch] = []
    while let batch = try reader.next() { batches.append(batch) }
    let rows = batches.reduce(0) { $0 + $1.records.count }
    let bytes = reader.bytesRead
    print("rows \(rows) bytes \(bytes)")
    try measure("tape", bytes) {
      var tape = JSONTape()
      var entries = 0
      for batch in batches {
        try batch.bytes.withUnsafeBufferPointer { all in
          for record in batch.records {
            try tape.read(
              UnsafeBufferPointer(rebasing: all[record.start..<record.end]), file: path,
              line: record.line)
            entries += tape.count
          }
        }
      }
      return entries
    }
    try measure("tree", bytes) {
      var members = 0
      for batch in batches {
        try batch.bytes.withUnsafeBufferPointer { all in
          for record in batch.records {
            let value = try JSONReader.parse(
              UnsafeBufferPointer(rebasing: all[record.start..<record.end]), file: path,
              line: record.line)
            members += value.objectValue?.count ?? 0
          }
        }
      }
      return members
    }
    // As the stage does.
    FreedMemory.keep(32 << 20)
    try measure("rows", bytes) {
      var bytes = 0
      for batch in batches {
        let shape = RowIntake.detect(batch, ColumnNames(), header: nil) ?? .auto
        let intake = RowIntake(
          file: path, format: .jsonl, shaper: RowShaper(shape, ColumnNames()), header: nil)
        for slice in batch.slices() { bytes += intake.rows(batch, slice).withLines(\.count) }
      }
      return bytes
    }
  }

  private func measure(_ name: String, _ bytes: Int, _ body: () throws -> Int) throws {
    var best = Double.infinity
    var result = 0
    for _ in 0..<rounds {
      let start = DataBench.processorSeconds
      result = try body()
      best = min(best, DataBench.processorSeconds - start)
    }
    print("\(name) \(Int(Double(bytes) / best / 1e6)) MB/cpu_s (\(result))")
  }
}
