import Diagnostics
package import Documents

/// Small JSON files of model folders.
package enum JSONFile {
  /// Reads the JSON file at `path`; the file's name is in every error.
  package static func read(_ path: String) throws -> JSONValue {
    let file = try MappedFile(path: path)
    return try JSONReader.parse(file.bytes.bindMemory(to: UInt8.self), file: path)
  }

  /// Writes `value` in the form of Python's `json.dumps(indent=2)`, members in the order given.
  package static func write(_ value: JSONValue, to path: String) throws {
    let out = try OutputFile(path: path)
    var text: [UInt8] = []
    append(value, indent: 0, to: &text)
    text.append(UInt8(ascii: "\n"))
    try out.write(text)
    _ = try out.finish()
  }

  /// Writes bytes as they are.
  package static func write(bytes: [UInt8], to path: String) throws {
    let out = try OutputFile(path: path)
    try out.write(bytes)
    _ = try out.finish()
  }

  private static func append(_ value: JSONValue, indent: Int, to out: inout [UInt8]) {
    func newLine(_ depth: Int) {
      out.append(UInt8(ascii: "\n"))
      out += [UInt8](repeating: UInt8(ascii: " "), count: 2 * depth)
    }
    switch value {
    case .array(let items) where !items.isEmpty:
      out.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        newLine(indent + 1)
        append(item, indent: indent + 1, to: &out)
      }
      newLine(indent)
      out.append(UInt8(ascii: "]"))
    case .object(let members) where !members.isEmpty:
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        newLine(indent + 1)
        JSONWriter.appendString(member.key, to: &out)
        out += ": ".utf8
        append(member.value, indent: indent + 1, to: &out)
      }
      newLine(indent)
      out.append(UInt8(ascii: "}"))
    default: JSONWriter.append(value, sorted: false, to: &out)
    }
  }
}
