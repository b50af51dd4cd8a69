internal import CKernels
internal import Documents

extension JSONTape {
  /// The value of the member `key` of the object at entry `object`, or nil.
  borrowing func member(_ object: Int, _ key: String) -> Int? {
    var key = key
    return key.withUTF8 { wanted in
      var at = object + 1
      let end = Int(entries[object].next)
      while at < end {
        if isKey(at, wanted) { return at + 1 }
        at = Int(entries[at + 1].next)
      }
      return nil
    }
  }

  /// Whether the key at entry `index` is `wanted`, as Swift compares strings: spellings that Unicode
  /// calls equivalent are equal.
  private borrowing func isKey(_ index: Int, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
    let entry = entries[index]
    let raw = UnsafeBufferPointer(start: text + Int(entry.start), count: Int(entry.length))
    if entry.flags & UInt8(ORC_JSON_ESCAPED) == 0 {
      if raw.count == wanted.count, raw.elementsEqual(wanted) { return true }
      if !raw.contains(where: { $0 >= 0x80 }), !wanted.contains(where: { $0 >= 0x80 }) {
        return false
      }
    }
    return string(index) == String(decoding: wanted, as: UTF8.self)
  }

  /// Whether the string at entry `index` has no escape and these bytes.
  @inline(__always)
  borrowing func isPlain(_ index: Int, _ wanted: StaticString) -> Bool {
    let entry = entries[index]
    guard Int(entry.kind) == ORC_JSON_STRING, entry.flags & UInt8(ORC_JSON_ESCAPED) == 0,
      Int(entry.length) == wanted.utf8CodeUnitCount
    else { return false }
    let raw = text + Int(entry.start)
    for offset in 0..<Int(entry.length) where raw[offset] != wanted.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Whether the string at entry `index` has no escape and the bytes of `wanted`.
  @inline(__always)
  borrowing func isText(_ index: Int, _ wanted: [UInt8]) -> Bool {
    let entry = entries[index]
    guard entry.flags & UInt8(ORC_JSON_ESCAPED) == 0, Int(entry.length) == wanted.count else {
      return false
    }
    let raw = text + Int(entry.start)
    for offset in 0..<wanted.count where raw[offset] != wanted[offset] { return false }
    return true
  }

  /// The entry of the key of the object at entry `object` that is the first of `names` there is.
  borrowing func key(_ object: Int, _ names: [[UInt8]]) -> Int? {
    let end = Int(entries[object].next)
    for name in names {
      var at = object + 1
      while at < end {
        if isText(at, name) { return at }
        at = Int(entries[at + 1].next)
      }
    }
    return nil
  }

  /// true, false, 1 or 0; nil for anything else.
  borrowing func flag(_ index: Int) -> Bool? {
    let entry = entries[index]
    switch Int(entry.kind) {
    case ORC_JSON_TRUE: return true
    case ORC_JSON_FALSE: return false
    case ORC_JSON_NUMBER where entry.length == 1:
      let digit = text[Int(entry.start)]
      return digit == UInt8(ascii: "1") ? true : digit == UInt8(ascii: "0") ? false : nil
    default: return nil
    }
  }

  /// Whether the bytes of the string at `first` come before those of the one at `second`; neither
  /// holds an escape.
  borrowing func precedes(_ first: Int, _ second: Int) -> Bool {
    Self.precedes(entries[first], entries[second], text)
  }

  static func precedes(
    _ first: orc_json_entry, _ second: orc_json_entry, _ text: UnsafePointer<UInt8>
  ) -> Bool {
    UnsafeBufferPointer(start: text + Int(first.start), count: Int(first.length))
      .lexicographicallyPrecedes(
        UnsafeBufferPointer(start: text + Int(second.start), count: Int(second.length)))
  }

  borrowing func precedes(_ index: Int, _ word: StaticString) -> Bool {
    let entry = entries[index]
    return UnsafeBufferPointer(start: text + Int(entry.start), count: Int(entry.length))
      .lexicographicallyPrecedes(
        UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }
}
