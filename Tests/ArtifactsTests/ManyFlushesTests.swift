import Artifacts
import Diagnostics
import TestSupport
import Testing

@Suite struct ManyFlushesTests {
  @Test("all are flushed, and one that cannot be is named", arguments: [0, 1, 7, 8, 9, 300])
  func files(count: Int) throws {
    let folder = try TemporaryFolder()
    let paths = (0..<count).map { "\(folder.path)/\($0)" }
    for number in 0..<count { try folder.write("\(number)", "x") }
    try ManyFlushes.files(paths)
    try ManyFlushes.folders(paths.map { _ in folder.path })
    for place in Set([0, count / 2, count]) {
      var some = paths
      some.insert(folder.path + "/gone", at: place)
      let failure = #expect(throws: Failure.self) { try ManyFlushes.files(some) }
      #expect(failure?.failureClass == .io)
      #expect(failure?.diagnostics.first?.message.contains("/gone'") == true)
      #expect(throws: Failure.self) { try ManyFlushes.folders(some) }
    }
  }
}
