import Execution

/// What a collection or a cleaning removes, for people.
enum GarbageView {
  static func lines(_ garbage: Garbage, isRemoved: Bool) -> [String] {
    var lines: [String] = []
    if !garbage.results.isEmpty { lines.append("results      \(garbage.results.count)") }
    for kind in Garbage.Kind.allCases {
      guard let items = garbage.items[kind] else { continue }
      let name = kind.rawValue + String(repeating: " ", count: 11 - kind.rawValue.count)
      lines.append("\(name)  \(items.count), \(ByteCount.words(garbage.bytes(kind)))")
    }
    lines.append(
      "\(isRemoved ? "removed" : "to remove:") \(ByteCount.words(garbage.bytes)) "
        + "in \(garbage.count) places")
    return lines
  }
}
