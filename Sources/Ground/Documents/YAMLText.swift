internal import Diagnostics

/// The bytes of a document, checked and made fit for libyaml.
///
/// libyaml 0.2 takes U+0085, U+2028 and U+2029 for line breaks, as YAML 1.1 did; in YAML 1.2 they
/// are ordinary characters (§5.4). They pass the parser as private-use characters that the document
/// does not hold, one for one, so that columns stay right.
struct YAMLText {
  let file: String
  /// The text as the user wrote it, without byte order mark.
  let original: [UInt8]
  /// What libyaml reads.
  let prepared: [UInt8]
  /// Private-use character → what it stands for.
  private let substitutes: [Unicode.Scalar: Unicode.Scalar]

  /// - Throws: ``Failure`` for what is too long, not UTF-8 or not printable.
  init(_ bytes: [UInt8], file: String) throws {
    self.file = file
    guard bytes.count <= YAMLReader.byteCountMax else {
      throw Self.failure(
        "yaml.too-long",
        "the file has \(bytes.count) bytes, at most \(YAMLReader.byteCountMax) are read", file, 1, 1
      )
    }
    try Self.refuseUTF16(bytes, file)
    original = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let foreignBreaks = try original.withUnsafeBufferPointer { try Self.check($0, file) }
    if foreignBreaks {
      let table = try Self.substitutes(original, file)
      substitutes = Dictionary(uniqueKeysWithValues: table.map { ($0.to, $0.from) })
      var text = String.UnicodeScalarView()
      for scalar in String(decoding: original, as: UTF8.self).unicodeScalars {
        text.append(table.first { $0.from == scalar }?.to ?? scalar)
      }
      prepared = Array(String(text).utf8)
    } else {
      substitutes = [:]
      prepared = original
    }
  }

  /// `text` of an event with the replaced characters put back.
  func restored(_ text: String) -> String {
    if substitutes.isEmpty { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { scalars.append(substitutes[scalar] ?? scalar) }
    return String(scalars)
  }

  // MARK: - Checks

  private static func failure(
    _ code: String, _ message: String, _ file: String, _ line: Int, _ column: Int,
    fix: String? = nil
  ) -> Failure {
    Diagnostic(
      code, message, at: SourceSpan(file: file, line: line, column: column), fix: fix
    ).failure(.badInput)
  }

  private static func refuseUTF16(_ bytes: [UInt8], _ file: String) throws {
    let marked = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    let unmarked =
      bytes.count >= 4 && (bytes[0] == 0) != (bytes[1] == 0) && bytes[0] == bytes[2]
      || bytes.count >= 4 && (bytes[0] == 0) != (bytes[1] == 0) && bytes[1] == 0 && bytes[3] == 0
    guard marked || unmarked else { return }
    throw failure(
      "yaml.not-utf8", "the file is UTF-16, only UTF-8 is read", file, 1, 1,
      fix: "convert it: iconv -f UTF-16 -t UTF-8")
  }

  /// Whether the text holds characters that libyaml would take for line breaks.
  private static func check(_ bytes: UnsafeBufferPointer<UInt8>, _ file: String) throws -> Bool {
    var foreignBreaks = false
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        at += 1
        continue
      }
      guard let length = TextScan.sequenceLength(bytes, at: at) else {
        let place = TextScan.place(of: at, in: bytes)
        throw failure(
          "yaml.not-utf8", "byte 0x\(hex(UInt32(byte))) is not valid UTF-8", file, place.line,
          place.column, fix: "save the file as UTF-8, for example with iconv")
      }
      let scalar = TextScan.scalar(bytes, at: at, length: length)
      switch scalar {
      case 0x85, 0x2028, 0x2029: foreignBreaks = true
      case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF:
        let place = TextScan.place(of: at, in: bytes)
        throw failure(
          "yaml.not-printable", "the character U+\(hex(scalar, 4)) is not allowed in YAML", file,
          place.line, place.column,
          fix: scalar == 0xFEFF
            ? "remove the byte order mark in the middle of the text"
            : "write it as an escape in double quotes: \"\\\(scalar < 256 ? "x" : "u")"
              + "\(hex(scalar, scalar < 256 ? 2 : 4))\"")
      default: break
      }
      at += length
    }
    return foreignBreaks
  }

  /// Three private-use characters that the text neither holds nor writes as an escape.
  private static func substitutes(_ bytes: [UInt8], _ file: String) throws
    -> [(from: Unicode.Scalar, to: Unicode.Scalar)]
  {
    let text = String(decoding: bytes, as: UTF8.self)
    var used: Set<Unicode.Scalar> = []
    for scalar in text.unicodeScalars where scalar.value >= 0xE000 { used.insert(scalar) }
    var escaped: Set<UInt32> = []
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\\") {
      let digits = bytes[(index + 1)...].dropFirst().prefix(8)
      for count in [4, 8] {
        let name = String(decoding: digits.prefix(count), as: UTF8.self)
        if let value = UInt32(name, radix: 16) { escaped.insert(value) }
      }
    }
    // Every value of the private use area is a scalar: the surrogates end below it.
    var free = (UInt32(0xE000)...0xF8FF).lazy.filter { value in
      !escaped.contains(value) && !used.contains(Unicode.Scalar(value)!)
    }.makeIterator()
    var table: [(from: Unicode.Scalar, to: Unicode.Scalar)] = []
    for from: Unicode.Scalar in ["\u{85}", "\u{2028}", "\u{2029}"] {
      guard let value = free.next(), let to = Unicode.Scalar(value) else {
        throw failure(
          "yaml.not-printable",
          "the text holds U+0085, U+2028 or U+2029 and every private-use character", file, 1, 1,
          fix: "write them as escapes in double quotes: \"\\u2028\"")
      }
      table.append((from, to))
    }
    return table
  }

  private static func hex(_ value: UInt32, _ digits: Int = 2) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
