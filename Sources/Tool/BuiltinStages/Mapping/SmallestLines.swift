private import Glibc

/// Of the lines of many chunks those that sort first by their bytes, as many as are asked for. Memory:
/// twice that many lines.
struct SmallestLines {
  private let limit: Int
  private var kept: [ArraySlice<UInt8>] = []

  init(_ limit: Int) { self.limit = limit }

  /// - Parameter bytes: lines with their line feeds.
  mutating func add(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[start..<end]
      start = end + 1
      if line.isEmpty || limit == 0 { continue }
      if kept.count == limit, !Self.precedes(line, kept[limit - 1]) { continue }
      let place = kept.firstIndex { Self.precedes(line, $0) } ?? kept.count
      // A copy: the chunk's other lines are let go.
      kept.insert(ArraySlice(Array(line)), at: place)
      if kept.count > limit { kept.removeLast() }
    }
  }

  /// The lines in order, with their line feeds.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    for line in kept {
      out += line
      out.append(UInt8(ascii: "\n"))
    }
    return out
  }

  private static func precedes(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
    let order = a.withUnsafeBytes { first in
      b.withUnsafeBytes { second in
        memcmp(first.baseAddress!, second.baseAddress!, min(first.count, second.count))
      }
    }
    return order < 0 || order == 0 && a.count < b.count
  }
}
