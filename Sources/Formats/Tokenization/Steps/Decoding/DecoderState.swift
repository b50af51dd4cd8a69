/// One decoding as it goes on: the steps as a chain of machines that take parts of tokens and give
/// what has become certain.
struct DecoderState {
  private var machines: [DecoderMachine]
  private let joinsWithBlanks: Bool
  private var isFirst = true
  /// Bytes of a character that is not complete.
  private var pending: [UInt8] = []

  init(_ decoder: TokenDecoder) {
    var isFused = false
    machines = (decoder.steps ?? []).map { step in
      let machine = DecoderMachine(step, isFused: isFused)
      switch step {
      case .byteLevel, .fuse: isFused = true
      default: break
      }
      return machine
    }
    joinsWithBlanks = decoder.steps == nil
  }

  /// The text that is certain after one more token.
  ///
  /// - Parameter isLiteral: the token stands for its own text, whatever the byte alphabet says.
  mutating func append(_ token: [UInt8], isLiteral: Bool = false) -> String {
    defer { isFirst = false }
    if joinsWithBlanks { return (isFirst ? "" : " ") + String(decoding: token, as: UTF8.self) }
    return run(from: 0, DecoderMachine.Part(token, isLiteral: isLiteral), isEnd: false)
  }

  /// What is left at the end.
  mutating func finish() -> String {
    var text = ""
    for index in machines.indices {
      for part in machines[index].finish() {
        text += run(from: index + 1, part, isEnd: true)
      }
    }
    defer { pending = [] }
    return text + String(decoding: pending, as: UTF8.self)
  }

  private mutating func run(from first: Int, _ part: DecoderMachine.Part, isEnd: Bool) -> String {
    var parts = [part]
    for index in machines.indices.dropFirst(first) {
      var next: [DecoderMachine.Part] = []
      for part in parts { machines[index].take(part, into: &next) }
      parts = next
      if parts.isEmpty { return "" }
    }
    for part in parts { pending += part.bytes }
    let complete = Self.completeCount(pending)
    defer { pending.removeFirst(complete) }
    return String(decoding: pending[..<complete], as: UTF8.self)
  }

  /// The length of the part before a sequence at the end that more bytes could complete.
  private static func completeCount(_ bytes: [UInt8]) -> Int {
    var lead = bytes.count - 1
    while lead >= 0, bytes.count - lead <= 3, bytes[lead] & 0xC0 == 0x80 { lead -= 1 }
    guard lead >= 0, bytes[lead] >= 0xC2, bytes[lead] <= 0xF4 else { return bytes.count }
    let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
    guard bytes.count - lead < length else { return bytes.count }
    if bytes.count - lead > 1 {
      let (first, second) = (bytes[lead], bytes[lead + 1])
      if first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F
        || first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F
      {
        return bytes.count
      }
    }
    return lead
  }
}
