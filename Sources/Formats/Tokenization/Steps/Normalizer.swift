internal import Documents
private import Foundation

/// Changes text before it is split; a list of steps of tokenizer.json's `normalizer`.
struct Normalizer: Sendable {
  enum Step: Sendable {
    case nfc, nfd, nfkc, nfkd, lowercase
    case prepend([UInt8])
    case replace(SplitPattern, with: [UInt8])
    case strip(left: Bool, right: Bool)
    case stripAccents
    case bert(BertCleaning)
    case precompiled(Charsmap)
    case nmt
    case byteLevel
    case llamaUnigram(LlamaUnigramText)
    case llamaWords(LlamaWordText)
  }
  let steps: [Step]
  static let known = [
    "Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "Replace", "Strip",
    "StripAccents", "BertNormalizer", "Precompiled", "Nmt", "ByteLevel",
  ]

  init(steps: [Step]) { self.steps = steps }

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
    case "StripAccents": [.stripAccents]
    case "BertNormalizer": [.bert(try BertCleaning(part))]
    case "Precompiled": [.precompiled(try Charsmap(part))]
    case "Nmt": [.nmt]
    case "ByteLevel": [.byteLevel]
    case let type: throw part.unknownType(type, known: known)
    }
  }

  var prependsMetaspace: Bool {
    steps.contains { if case .prepend(let text) = $0 { text == Metaspace.mark } else { false } }
  }

  /// The precompiled character map as a GGUF file has it.
  var charsmap: [UInt8]? {
    for case .precompiled(let map) in steps { return map.bytes }
    return nil
  }

  /// Whether runs of blanks become one, as T5's and ALBERT's files say by ` {2,}`.
  var mergesBlanks: Bool {
    steps.contains {
      if case .replace(.regex(_, let source), _) = $0 { source == " {2,}" } else { false }
    }
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
    case .nfd: isASCII(text) ? nil : decomposed(text)
    case .nfkc:
      isASCII(text)
        ? nil
        : mapped(text, later: laterCompatibility) { $0.precomposedStringWithCompatibilityMapping }
    case .nfkd:
      isASCII(text)
        ? nil
        : mapped(text, later: laterCompatibility) { $0.decomposedStringWithCompatibilityMapping }
    case .lowercase: lowercased(text)
    case .prepend(let prefix): isStart && !text.isEmpty ? prefix + Array(text) : nil
    case .replace(let pattern, let content): replaced(text, pattern, content)
    case .strip(let left, let right): stripped(text, left, right)
    case .stripAccents: isASCII(text) ? nil : filtered(text) { !isMark($0) }
    case .bert(let cleaning): cleaning.apply(text)
    case .precompiled(let charsmap): isASCII(text) ? charsmap.ascii(text) : charsmap.apply(text)
    case .nmt: NeuralTranslationText.apply(text)
    case .byteLevel: Array(ByteAlphabet.encode(text).utf8)
    case .llamaUnigram(let rule): rule.apply(text)
    case .llamaWords(let rule): rule.apply(text)
    }
  }

  /// Marks as of Unicode 9, whose table `tokenizers` uses here.
  static func isMark(_ scalar: UInt32) -> Bool {
    if scalar < 0x300 { return false }
    if scalar == 0x1CF2 || scalar == 0x1CF3 { return true }
    if scalar == 0x111C9 { return false }
    return ScalarCategories.marks >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
      && !ScalarCategories.isYounger(scalar, than: 9)
  }

  static func decomposed(_ text: Bytes) -> [UInt8] {
    mapped(text, later: laterCanonical) { $0.decomposedStringWithCanonicalMapping }
  }

  /// Scalars whose decompositions came after Unicode 9, whose tables `tokenizers` uses.
  private static let laterCanonical: [ClosedRange<UInt32>] = [
    0x105C9...0x105E4, 0x11383...0x113C8, 0x11938...0x11938, 0x16121...0x16128,
    0x16D68...0x16D6A,
  ]
  private static let laterCompatibility =
    laterCanonical + [
      0x32FF...0x32FF, 0xA7F1...0xA7F4, 0xAB69...0xAB69, 0x10781...0x107BA,
      0x1CCD6...0x1CCF9, 0x1E030...0x1E06D, 0x1F16C...0x1F16C, 0x1FBF0...0x1FBF9,
    ]

  /// - Parameter later: scalars that stay as they are.
  private static func mapped(
    _ text: Bytes, later: [ClosedRange<UInt32>] = [], _ transform: (String) -> String
  ) -> [UInt8] {
    var out: [UInt8] = []
    var copied = 0
    var index = 0
    while index < text.count, !later.isEmpty {
      let (scalar, length) = text.scalar(at: index)
      if scalar >= 0x32FF, later.contains(where: { $0.contains(scalar) }) {
        out += transform(String(decoding: text.slice(copied, index), as: UTF8.self)).utf8
        out += text.slice(index, index + length)
        copied = index + length
      }
      index += length
    }
    return out + transform(String(decoding: text.slice(copied, text.count), as: UTF8.self)).utf8
  }

  static func isASCII(_ text: Bytes) -> Bool { text.allSatisfy { $0 < 0x80 } }

  /// Keeps the scalars that `keeps` says.
  static func filtered(_ text: Bytes, _ keeps: (UInt32) -> Bool) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      if keeps(scalar) { out.append(contentsOf: text.slice(index, index + length)) }
      index += length
    }
    return out
  }

  /// Scalar by scalar, by the full mapping without context: a final sigma stays `σ`.
  static func lowercased(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        out.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        index += 1
        continue
      }
      let (value, length) = text.scalar(at: index)
      if let scalar = Unicode.Scalar(value) {
        out.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      }
      index += length
    }
    return out
  }

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
    var found = false
    pattern.forEachMatch(in: text) { start, end in
      if !found { out.reserveCapacity(text.count * 2) }
      found = true
      out.append(contentsOf: text.slice(copied, start))
      out.append(contentsOf: content)
      copied = end
    }
    if !found { return nil }
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
