internal import Diagnostics
internal import Documents

/// Reading of the parts of a tokenizer.json: every complaint names the file and the part.
struct TokenizerPart {
  let json: JSONValue
  let file: String
  /// `pre_tokenizer.pretokenizers[1]`
  let path: String

  /// The `type` of the part.
  func type() throws -> String {
    guard let type = json["type"]?.stringValue else {
      throw problem("has no 'type'", code: "tokenizer.missing")
    }
    return type
  }

  func problem(_ message: String, code: String = "tokenizer.wrong-value", fix: String? = nil)
    -> Failure
  {
    Diagnostic(
      code, "'\(path)' of '\(SafeText.escaped(file))' \(message)", fix: fix
    ).failure(.badInput)
  }

  /// A refusal that names what was found and what is known.
  func unknownType(_ type: String, known: [String]) -> Failure {
    problem(
      "is of the unknown type '\(SafeText.escaped(type))'", code: "tokenizer.unsupported",
      fix: "known are \(known.joined(separator: ", "))")
  }

  func string(_ key: String, default fallback: String? = nil) throws -> String {
    if let value = json[key], !value.isNull {
      guard let text = value.stringValue else {
        throw problem("has \(value.kindName) as '\(key)', expected a string")
      }
      return text
    }
    guard let fallback else { throw problem("has no '\(key)'", code: "tokenizer.missing") }
    return fallback
  }

  func flag(_ key: String, default fallback: Bool) throws -> Bool {
    guard let value = json[key], !value.isNull else { return fallback }
    guard let flag = value.boolValue else {
      throw problem("has \(value.kindName) as '\(key)', expected a boolean")
    }
    return flag
  }

  func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
    guard let value = json[key], !value.isNull else { return fallback }
    guard let number = value.integerValue, range.contains(number) else {
      throw problem(
        "has a '\(key)' that is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    if json[key]?.isNull ?? true { return nil }
    return try integer(key, in: range, default: 0)
  }

  /// A string of one Unicode scalar.
  func character(_ key: String, default fallback: Unicode.Scalar? = nil) throws -> Unicode.Scalar {
    if let fallback, json[key]?.isNull ?? true { return fallback }
    let scalars = try string(key).unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first else {
      throw problem("has a '\(key)' of \(scalars.count) characters, expected 1")
    }
    return scalar
  }

  /// The parts of a list.
  func parts(_ key: String) throws -> [TokenizerPart] {
    guard let items = json[key]?.arrayValue else {
      throw problem("has no list '\(key)'", code: "tokenizer.missing")
    }
    return items.enumerated().map {
      TokenizerPart(json: $1, file: file, path: "\(path).\(key)[\($0)]")
    }
  }

  /// A `pattern`: `{"String": …}` or `{"Regex": …}`.
  func splitPattern() throws -> SplitPattern {
    guard let pattern = json["pattern"] else {
      throw problem("has no 'pattern'", code: "tokenizer.missing")
    }
    if let text = pattern["String"]?.stringValue { return .text(Array(text.utf8)) }
    guard let source = pattern["Regex"]?.stringValue else {
      throw problem("has a 'pattern' that is neither a String nor a Regex")
    }
    do throws(PatternProblem) {
      return .regex(try Pattern(source), source: source)
    } catch {
      throw problem(
        "has the regular expression '\(SafeText.escaped(source))' with \(error.message)",
        code: "tokenizer.pattern")
    }
  }
}

/// What a Split or Replace looks for.
enum SplitPattern: Sendable {
  case text([UInt8])
  case regex(Pattern, source: String)

  /// Calls `body` with every match, left to right; empty ones too.
  func forEachMatch(in text: Bytes, _ body: (Int, Int) -> Void) {
    switch self {
    case .regex(let pattern, _): pattern.forEachMatch(in: text, body)
    case .text(let needle):
      guard let first = needle.first else { return Self.forEachBoundary(in: text, body) }
      if needle.count > text.count { return }
      var index = 0
      while index + needle.count <= text.count {
        if text[index] == first, text.slice(index, index + needle.count).elementsEqual(needle) {
          body(index, index + needle.count)
          index += needle.count
        } else {
          index += 1
        }
      }
    }
  }

  private static func forEachBoundary(in text: Bytes, _ body: (Int, Int) -> Void) {
    var index = 0
    while index < text.count {
      body(index, index)
      index += text.scalar(at: index).length
    }
    body(text.count, text.count)
  }
}
