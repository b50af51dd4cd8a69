internal import Documents
private import Foundation

/// Changes text before it is split; a list of steps of tokenizer.json's `normalizer`.
struct Normalizer: Sendable {
  enum Step: Sendable {
    case nfc, nfd, nfkc, nfkd, lowercase
    case prepend([UInt8])
    case replace(SplitPattern, with: [UInt8])
    case strip(left: Bool, right: Bool)
  }
  let steps: [Step]
  static let known = [
    "Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "Replace", "Strip",
  ]

  /// - Parameter part: nil or null for none.
  init(_ part: TokenizerPart?) throws { steps = try part.map(Self.steps) ?? [] }

  private static func steps(_ part: TokenizerPart) throws -> [Step] {
    switch try part.type() {
    case "Sequence": try part.parts("normalizers").flatMap(steps)
    case "NFC": [.nfc]
    case "NFD": [.nfd]
    case "NFKC": [.nfkc]
    case "NFKD": [.nfkd]
    case "Lowercase": [.lowercase]
    case "Prepend": [.prepend(Array(try part.string("prepend").utf8))]
    case "Replace":
      [.replace(try part.splitPattern(), with: Array(try part.string("content").utf8))]
    case "Strip":
      [
        .strip(
          left: try part.flag("strip_left", default: true),
          right: try part.flag("strip_right", default: true))
      ]
    case let type:
      throw part.unknownType(
        type, known: known, later: ["BertNormalizer", "Precompiled", "StripAccents", "Nmt"])
    }
  }

  var prependsMetaspace: Bool {
    steps.contains { if case .prepend(let text) = $0 { text == Metaspace.mark } else { false } }
  }

  var appliesNFC: Bool { steps.contains { if case .nfc = $0 { true } else { false } } }

  /// Calls `body` with the normalized text.
  ///
  /// - Parameter isStart: false for text that continues a section already begun, to which nothing is
  ///   prepended.
  func apply<Result>(_ text: Bytes, isStart: Bool, _ body: (Bytes) -> Result) -> Result {
    var changed: [UInt8]?
    for step in steps {
      let next =
        if let current = changed {
          current.withUnsafeBufferPointer { Self.apply(step, $0, isStart) }
        } else {
          Self.apply(step, text, isStart)
        }
      if let next { changed = next }
    }
    return changed.map { $0.withUnsafeBufferPointer(body) } ?? body(text)
  }

  /// Nil when nothing changes.
  private static func apply(_ step: Step, _ text: Bytes, _ isStart: Bool) -> [UInt8]? {
    switch step {
    case .nfc:
      isComposed(text) ? nil : mapped(text) { $0.precomposedStringWithCanonicalMapping }
    case .nfd: isASCII(text) ? nil : mapped(text) { $0.decomposedStringWithCanonicalMapping }
    case .nfkc:
      isASCII(text) ? nil : mapped(text) { $0.precomposedStringWithCompatibilityMapping }
    case .nfkd:
      isASCII(text) ? nil : mapped(text) { $0.decomposedStringWithCompatibilityMapping }
    case .lowercase: mapped(text) { $0.lowercased() }
    case .prepend(let prefix): isStart && !text.isEmpty ? prefix + Array(text) : nil
    case .replace(let pattern, let content): replaced(text, pattern, content)
    case .strip(let left, let right): stripped(text, left, right)
    }
  }

  private static func mapped(_ text: Bytes, _ transform: (String) -> String) -> [UInt8] {
    Array(transform(String(decoding: text, as: UTF8.self)).utf8)
  }

  private static func isASCII(_ text: Bytes) -> Bool { text.allSatisfy { $0 < 0x80 } }

  /// Whether every scalar is of a range in which nothing composes or decomposes under NFC and no
  /// mark combines; false says nothing.
  private static func isComposed(_ text: Bytes) -> Bool {
    var index = 0
    while index < text.count {
      if text[index] < 0xCC {  // below U+0300
        index += 1
        continue
      }
      let (scalar, length) = text.scalar(at: index)
      switch scalar {
      case 0x0400...0x0482, 0x2010...0x2027, 0x2030...0x205E, 0x3041...0x3096, 0x30A1...0x30FA,
        0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF01...0xFF5E, 0x1F300...0x1FAFF:
        index += length
      default: return false
      }
    }
    return true
  }

  private static func replaced(_ text: Bytes, _ pattern: SplitPattern, _ content: [UInt8])
    -> [UInt8]?
  {
    var out: [UInt8] = []
    var copied = 0
    pattern.forEachMatch(in: text) { start, end in
      if out.isEmpty { out.reserveCapacity(text.count * 2) }
      out.append(contentsOf: text.slice(copied, start))
      out.append(contentsOf: content)
      copied = end
    }
    if copied == 0 { return nil }
    out.append(contentsOf: text.slice(copied, text.count))
    return out
  }

  private static func stripped(_ text: Bytes, _ left: Bool, _ right: Bool) -> [UInt8]? {
    var start = 0
    var end = text.count
    while left, start < end {
      let (scalar, length) = text.scalar(at: start)
      guard ScalarCategories.isWhitespace(scalar) else { break }
      start += length
    }
    while right, end > start {
      let (scalar, length) = text.scalar(before: end)
      guard ScalarCategories.isWhitespace(scalar) else { break }
      end -= length
    }
    return start == 0 && end == text.count ? nil : Array(text.slice(start, end))
  }
}

/// SentencePiece's visible blank.
enum Metaspace {
  /// U+2581 in UTF-8.
  static let mark: [UInt8] = [0xE2, 0x96, 0x81]
}
