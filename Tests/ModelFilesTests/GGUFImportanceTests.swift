import Diagnostics
import ModelFiles
import TestSupport
import Testing

@Suite("GGUF importance matrices")
struct GGUFImportanceTests {
  static let entries = [
    "blk.0.attn_q.weight": GGUFImportance.Entry(sums: [1, 4, 9, 16], counts: [2]),
    "blk.0.ffn_up_exps.weight": GGUFImportance.Entry(sums: [1, 2, 3, 4], counts: [4, 0]),
  ]

  @Test("what is written is read back")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/imatrix.gguf"
    let written = GGUFImportance(
      Self.entries, datasets: ["train"], chunkCount: 3, chunkTokens: 512)
    try written.write(to: path)
    #expect(try GGUFImportance(path: path) == written)
    let file = try GGUFReader(path: path)
    #expect(
      file.tensors.map(\.name) == [
        "blk.0.attn_q.weight.in_sum2", "blk.0.attn_q.weight.counts",
        "blk.0.ffn_up_exps.weight.in_sum2", "blk.0.ffn_up_exps.weight.counts",
      ])
    #expect(file.tensors.map(\.dimensions) == [[4], [1], [2, 2], [1, 2]])
  }

  @Test("the older form is read")
  func legacy() throws {
    let folder = try TemporaryFolder()
    let bytes = LegacyMatrix.bytes(
      [("output.weight", 2, [2, 4])], tail: [7, 0, 0, 0, 4, 0, 0, 0] + Array("text".utf8))
    let path = try folder.write("imatrix.dat", bytes)
    let read = try GGUFImportance(path: path)
    #expect(read.entries == ["output.weight": .init(sums: [2, 4], counts: [2])])
    #expect(read.chunkCount == 7)
    #expect(read.datasets == ["text"])
  }

  @Test(
    "what is no importance matrix is refused",
    arguments: LegacyMatrix.broken)
  func refused(_ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("imatrix.dat", bytes)
    let failure = #expect(throws: Failure.self) { _ = try GGUFImportance(path: path) }
    #expect(failure?.failureClass == .badInput)
  }
}

/// Makes files of the older form.
private enum LegacyMatrix {
  /// Entries of name, calls and values, then what follows.
  static func bytes(_ entries: [(String, Int32, [Float])], tail: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ value: Int32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    add(Int32(entries.count))
    for (name, calls, values) in entries {
      add(Int32(name.utf8.count))
      bytes += name.utf8
      add(calls)
      add(Int32(values.count))
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
    }
    return bytes + tail
  }

  static let broken: [[UInt8]] = [
    [], [1, 0, 0, 0], [0, 0, 0, 0], [255, 255, 255, 127], Array(bytes([("a", 1, [1])]).dropLast()),
    bytes([("a", 1, [.nan])]), bytes([("a", 1, [-1])]), bytes([("a", -1, [1])]),
    bytes([("a", 1, [1]), ("a", 1, [1])]), bytes([("a", 1, [1])], tail: [1]), Array("GGUF".utf8),
  ]
}
