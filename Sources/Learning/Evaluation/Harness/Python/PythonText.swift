internal import Documents
private import Foundation

/// Methods of Python's `str` whose results scores depend on.
enum PythonText {
  /// Python's `str.isspace` of one scalar.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// `str.strip()`.
  static func stripped(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// `str.capitalize()`: the first character as titles have it, the others in lower case.
  static func capitalized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "" }
    let rest = String(text.unicodeScalars.dropFirst())
    return first.properties.titlecaseMapping + rest.lowercased()
  }

  /// `str.replace`, scalar by scalar: a mark that combines with the end of `old` does not hide it.
  static func replacing(_ text: String, _ old: String, _ new: String) -> String {
    let (wanted, given) = (Array(old.utf8), Array(new.utf8))
    let bytes = Array(text.utf8)
    var (out, index): ([UInt8], Int) = ([], 0)
    out.reserveCapacity(bytes.count)
    while index < bytes.count {
      if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
        out += given
        index += wanted.count
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  static func startsWithSpace(_ text: String) -> Bool {
    text.unicodeScalars.first.map(isSpace) ?? false
  }

  static func endsWithSpace(_ text: String) -> Bool {
    text.unicodeScalars.last.map(isSpace) ?? false
  }

  /// Pieces that `re.split(r"\s+", text)` gives, counted.
  static func words(_ text: String) -> Int {
    var (count, inSpace) = (1, false)
    for scalar in text.unicodeScalars {
      let isSpace = isSpace(scalar)
      if isSpace, !inSpace { count += 1 }
      inSpace = isSpace
    }
    return count
  }
}

extension PythonText {
  /// `str(value)` of scalars; of lists their text as JSON.
  static func string(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): String(number)
    case .bool(let isTrue): isTrue ? "True" : "False"
    case .null: "None"
    case .array, .object: JSONWriter.compact(value)
    }
  }
}
