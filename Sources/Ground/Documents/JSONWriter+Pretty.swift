extension JSONWriter {
  /// JSON for people: a member a line, two spaces a level, a line feed at the end. Members keep
  /// their order; short arrays of scalars stay on one line.
  package static func pretty(_ value: JSONValue) -> String {
    var out: [UInt8] = []
    append(value, indent: 0, to: &out)
    out.append(UInt8(ascii: "\n"))
    return String(decoding: out, as: UTF8.self)
  }

  private static func append(_ value: JSONValue, indent: Int, to out: inout [UInt8]) {
    func line(_ depth: Int) {
      out.append(UInt8(ascii: "\n"))
      out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
    switch value {
    case .object(let members) where !members.isEmpty:
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        line(indent + 1)
        appendString(member.key, to: &out)
        out += ": ".utf8
        append(member.value, indent: indent + 1, to: &out)
      }
      line(indent)
      out.append(UInt8(ascii: "}"))
    case .array(let items) where items.contains { $0.arrayValue != nil || $0.objectValue != nil }:
      out.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        line(indent + 1)
        append(item, indent: indent + 1, to: &out)
      }
      line(indent)
      out.append(UInt8(ascii: "]"))
    case .array(let items):
      out.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { out += ", ".utf8 }
        append(item, indent: indent, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    default: append(value, sorted: false, to: &out)
    }
  }
}
