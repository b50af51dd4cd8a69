internal import CKernels

/// Zeroed memory for very many numbers that are looked at in no order: in large pages where the
/// system has them, since with small ones nearly every look costs a walk through their table.
final class LargeBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // What several threads do with the memory is their callers' agreement.
  let elements: UnsafeMutableBufferPointer<Element>
  private let bytes: Int

  /// - Parameter inLargePages: whether large pages are asked for: they are cleared as a whole, which
  ///   costs more than it gives where a process needs few.
  init(count: Int, inLargePages: Bool = true) {
    bytes = max(1, count * MemoryLayout<Element>.stride)
    guard let memory = ck_map_large(bytes, inLargePages ? 1 : 0) else {
      // As Swift's own allocation does: nothing here could go on without it, and a resume can.
      fatalError("out of memory")
    }
    elements = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Element.self, capacity: count), count: count)
  }

  deinit { ck_unmap_large(elements.baseAddress, bytes) }

  var count: Int { elements.count }
}
