import Diagnostics

/// The pieces of a SentencePiece model (`tokenizer.model`): what a GGUF file keeps of it.
///
/// The file is a protocol buffer; field 1 of `ModelProto`, once for each piece, holds its text (1),
/// score (2, binary32) and type (3). Source: github.com/google/sentencepiece,
/// src/sentencepiece_model.proto.
package struct SentencePieceModel: Sendable {
  package struct Piece: Sendable, Hashable {
    package var text: String
    package var score: Float
    /// SentencePiece's numbers of types are llama.cpp's.
    package var type: GGUFVocabulary.TokenType

    package init(text: String, score: Float, type: GGUFVocabulary.TokenType) {
      self.text = text
      self.score = score
      self.type = type
    }
  }

  /// By id.
  package let pieces: [Piece]

  /// - Throws: ``Failure`` of class `badInput` for anything but a well-formed file.
  package init(path: String) throws {
    pieces = try MappedFile(path: path).withAllBytes { try Self.pieces($0, path) }
  }

  private static func pieces(_ bytes: UnsafeRawBufferPointer, _ path: String) throws -> [Piece] {
    var message = ProtocolBuffer(bytes[...], file: path)
    var pieces: [Piece] = []
    while let field = try message.next() {
      guard field.number == 1, let bytes = field.bytes else { continue }
      pieces.append(try piece(bytes, pieces.count, path))
    }
    guard !pieces.isEmpty else { throw message.problem("there are no pieces") }
    return pieces
  }

  private static func piece(_ bytes: Slice<UnsafeRawBufferPointer>, _ id: Int, _ path: String)
    throws -> Piece
  {
    var message = ProtocolBuffer(bytes, file: path)
    var piece = Piece(text: "", score: 0, type: .normal)
    while let field = try message.next() {
      switch field.number {
      case 1:
        guard let text = field.bytes.flatMap({ String(validating: $0, as: UTF8.self) }) else {
          throw message.problem("the text of piece \(id) is not UTF-8")
        }
        piece.text = text
      case 2:
        guard let bits = field.bytes, bits.count == 4 else {
          throw message.problem("the score of piece \(id) is no binary32")
        }
        piece.score = Float(
          bitPattern: UnsafeRawBufferPointer(rebasing: bits).loadUnaligned(as: UInt32.self))
        guard piece.score.isFinite else {
          throw message.problem("the score of piece \(id) is not finite")
        }
      case 3:
        let type = Int32(exactly: field.value).flatMap { GGUFVocabulary.TokenType(rawValue: $0) }
        guard let type else { throw message.problem("piece \(id) has the type \(field.value)") }
        piece.type = type
      default: break
      }
    }
    return piece
  }
}

/// Reads the fields of a protocol buffer front to back.
private struct ProtocolBuffer {
  struct Field {
    var number: UInt64
    /// Of a varint.
    var value: UInt64
    /// Of every other kind.
    var bytes: Slice<UnsafeRawBufferPointer>?
  }

  private var rest: Slice<UnsafeRawBufferPointer>
  private let file: String

  init(_ bytes: Slice<UnsafeRawBufferPointer>, file: String) {
    rest = bytes
    self.file = file
  }

  func problem(_ message: String) -> Failure {
    Diagnostic(
      "sentencepiece.file", "\(SafeText.path(file)): \(message)",
      fix: "copy or download the file again"
    ).failure(.badInput)
  }

  /// Nil at the end.
  mutating func next() throws -> Field? {
    if rest.isEmpty { return nil }
    let key = try varint()
    let number = key >> 3
    switch key & 7 {
    case 0: return Field(number: number, value: try varint(), bytes: nil)
    case 1: return Field(number: number, value: 0, bytes: try take(8))
    case 2: return Field(number: number, value: 0, bytes: try take(varint()))
    case 5: return Field(number: number, value: 0, bytes: try take(4))
    default: throw problem("a field has the kind \(key & 7), the file is no SentencePiece model")
    }
  }

  private mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw problem("the file is truncated") }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw problem("a number is too long, the file is no SentencePiece model")
  }

  private mutating func take(_ count: UInt64) throws -> Slice<UnsafeRawBufferPointer> {
    guard count <= UInt64(rest.count) else { throw problem("the file is truncated") }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
