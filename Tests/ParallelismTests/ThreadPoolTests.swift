import Foundation
import Parallelism
import Testing

@Suite struct ThreadPoolTests {
  /// Counts per task, each slot written by its own task alone.
  private func counts(_ threads: Int, _ count: Int) -> [Int] {
    nonisolated(unsafe) let slots = UnsafeMutableBufferPointer<Int>.allocate(capacity: count)
    slots.initialize(repeating: 0)
    defer { slots.deallocate() }
    ThreadPool(threads: threads).forEach(count) { slots[$0] += 1 }
    return Array(slots)
  }

  @Test("every task runs once", arguments: [1, 2, 3, 8], [0, 1, 2, 3, 1000])
  func once(threads: Int, count: Int) {
    for _ in 0..<50 { #expect(counts(threads, count) == Array(repeating: 1, count: count)) }
  }

  @Test("a region inside a task, and regions of several threads at once, all finish")
  func nested() {
    let pool = ThreadPool(threads: 3)
    let callers = (0..<4).map { caller in
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        for _ in 0..<200 {
          let sums = try? pool.map(Array(0..<20)) { item in
            try pool.map([1, 2, 3]) { $0 * item }.reduce(0, +)
          }
          if sums != (0..<20).map({ $0 * 6 }) { Issue.record("wrong sums for \(caller)") }
        }
        done.signal()
      }
      return done
    }
    for done in callers { done.wait() }
  }

  @Test("map keeps the order of its items and throws the first error by index")
  func map() throws {
    struct Odd: Error, Equatable { let item: Int }
    let pool = ThreadPool(threads: 2)
    #expect(try pool.map(Array(0..<100)) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(throws: Odd(item: 7)) {
      try pool.map(Array(0..<100)) { item in
        if item % 10 == 7 { throw Odd(item: item) }
      }
    }
  }

  @Test("blocks cover the items once, the last one shorter")
  func blocks() {
    nonisolated(unsafe) let sizes = UnsafeMutableBufferPointer<Int>.allocate(capacity: 4)
    defer { sizes.deallocate() }
    ThreadPool(threads: 2).forEachBlock(of: 10, by: 3) { sizes[$0.lowerBound / 3] = $0.count }
    #expect(Array(sizes) == [3, 3, 3, 1])
  }
}
