/// Matrices of a device that wait in the host's memory, by number, while theirs is used for something else.
///
/// Copies may go on while the device computes. Each begins behind all that was asked of the backend before
/// it; what is asked after ``settle(_:)`` of its number comes after it. What is copied has no gaps.
package protocol HostStore: AnyObject {
  /// Begins to copy out; the source may be read, and must not be written before it is settled.
  func keep(_ source: Matrix, at number: Int)
  /// Begins to copy back what was kept and settled; the target is not used before it is settled.
  func bring(_ target: Matrix, at number: Int)
  /// What is asked from now on comes after the copy of this number; without one, nothing happens.
  func settle(_ number: Int)
}

extension Backend {
  package func hostStore() -> any HostStore { CopiedStore() }
}

/// Copies that are done when a call returns.
final class CopiedStore: HostStore {
  private var memory: [Int: CPUMemory] = [:]

  func keep(_ source: Matrix, at number: Int) {
    var kept = memory[number] ?? CPUMemory(count: 0)
    if kept.count < source.count { kept = CPUMemory(count: source.count) }
    memory[number] = kept
    source.read(0, into: UnsafeMutableBufferPointer(start: kept.address, count: source.count))
  }

  func bring(_ target: Matrix, at number: Int) {
    guard let kept = memory[number], kept.count >= target.count else {
      preconditionFailure("it was kept")
    }
    target.write(0, from: UnsafeBufferPointer(start: kept.address, count: target.count))
  }

  func settle(_ number: Int) {}
}
