extension ScriptTable {
  private static let firsts = FrozenBuffer(runs.map { $0 >> 8 })

  /// The number of a scalar's script; 0 for `Any`.
  static func script(_ scalar: UInt32) -> Int {
    var low = 0
    var high = firsts.count
    while low < high {
      let middle = (low + high) / 2
      if firsts[middle] <= scalar { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : Int(runs[low - 1] & 0xFF)
  }

  /// The scalars of a script by its name, or nil.
  static func ranges(named name: String) -> [ClosedRange<UInt32>]? {
    if name == "Han" { return unicode16Han }
    guard let number = names.firstIndex(of: name), number > 0 else { return nil }
    var ranges: [ClosedRange<UInt32>] = []
    for (index, run) in runs.enumerated() where Int(run & 0xFF) == number {
      let end = index + 1 < runs.count ? runs[index + 1] >> 8 : 0x110000
      ranges.append((run >> 8)...(end - 1))
    }
    return ranges
  }

  /// Han as of Unicode 16, as Oniguruma has it.
  private static let unicode16Han: [ClosedRange<UInt32>] = [
    0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007,
    0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D,
    0xFA70...0xFAD9, 0x16FE2...0x16FE3, 0x16FF0...0x16FF1, 0x20000...0x2A6DF,
    0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1, 0x2CEB0...0x2EBE0,
    0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
  ]

  private static let any = 0
  private static let han = number("Han")
  private static let kana = [number("Hiragana"), number("Katakana")]

  private static func number(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }

  /// SentencePiece's view: kana count as Han, a blank and the unassigned as part of anything.
  private static func merged(_ scalar: UInt32) -> Int {
    if scalar == 0x30FC { return han }
    if scalar == 0x20 { return any }
    let script = script(scalar)
    return kana.contains(script) ? han : script
  }

  /// Cuts text where the script changes. A text that is all `Any` gives nothing, as in `tokenizers`.
  static func pieces(_ text: Bytes) -> [PreTokenizer.Piece] {
    var starts: [Int] = []
    var last: Int?
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      let script = merged(scalar)
      if script != any, last != any, last != script { starts.append(index) }
      if script != any { last = script }
      index += length
    }
    starts.append(text.count)
    return zip(starts, starts.dropFirst()).map { PreTokenizer.Piece(start: $0, end: $1) }
  }
}
