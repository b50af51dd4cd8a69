/// A dict that keeps the order of insertion; never changed once made.
final class TemplateDict {
  /// A short number of each key, compared before the keys.
  @exclusivity(unchecked) fileprivate(set) var marks: [UInt32]
  @exclusivity(unchecked) fileprivate(set) var keys: [TemplateValue]
  @exclusivity(unchecked) fileprivate(set) var values: [TemplateValue]

  fileprivate init(_ marks: [UInt32], _ keys: [TemplateValue], _ values: [TemplateValue]) {
    self.marks = marks
    self.keys = keys
    self.values = values
  }

  var count: Int { marks.count }
  var entries: Zip2Sequence<[TemplateValue], [TemplateValue]> { zip(keys, values) }

  func find(_ key: TemplateValue) -> TemplateValue? {
    index(of: key, mark: Self.mark(key)).map { values[$0] }
  }

  /// - Parameter mark: that of `key`, where it is known already.
  func find(_ key: TemplateText, mark: UInt32) -> TemplateValue? {
    for index in marks.indices where marks[index] == mark {
      if case .string(let text) = keys[index], text.equals(key) { return values[index] }
    }
    return nil
  }

  fileprivate func index(of key: TemplateValue, mark: UInt32) -> Int? {
    for index in marks.indices where marks[index] == mark && keys[index].equals(key) {
      return index
    }
    return nil
  }

  func equals(_ other: TemplateDict) -> Bool {
    count == other.count
      && marks.indices.allSatisfy { place in
        other.index(of: keys[place], mark: marks[place])
          .map { other.values[$0].equals(values[place]) } ?? false
      }
  }

  /// FNV-1a over at most 16 bytes of the ends, and the length: equal keys have equal marks.
  static func mark(_ text: TemplateText) -> UInt32 {
    text.bytes.withUnsafeBufferPointer { bytes in
      var hash = UInt32(2_166_136_261) ^ UInt32(truncatingIfNeeded: bytes.count)
      for index in 0..<min(bytes.count, 8) { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
      for index in max(0, bytes.count - 8)..<bytes.count {
        hash = (hash ^ UInt32(bytes[index])) &* 16_777_619
      }
      return hash
    }
  }

  static func mark(_ key: TemplateValue) -> UInt32 {
    switch key {
    case .string(let text): mark(text)
    case .double(let number):
      Int(exactly: number).map { UInt32(truncatingIfNeeded: $0) }
        ?? UInt32(truncatingIfNeeded: number.bitPattern >> 20)
    default: key.integer.map { UInt32(truncatingIfNeeded: $0) } ?? 1
    }
  }
}

/// A dict in the making.
struct TemplateDictBuilder {
  private(set) var dict: TemplateDict

  init(capacity: Int = 0) {
    dict = TemplateDict([], [], [])
    dict.marks.reserveCapacity(capacity)
    dict.keys.reserveCapacity(capacity)
    dict.values.reserveCapacity(capacity)
  }

  init(copying other: TemplateDict) {
    dict = TemplateDict(other.marks, other.keys, other.values)
  }

  /// Sets the value of `key`, in its place if it is there.
  mutating func set(_ key: TemplateValue, _ value: TemplateValue) {
    let mark = TemplateDict.mark(key)
    if let index = dict.index(of: key, mark: mark) {
      dict.values[index] = value
    } else {
      dict.marks.append(mark)
      dict.keys.append(key)
      dict.values.append(value)
    }
  }

  /// Adds a key known to be new.
  mutating func append(_ key: TemplateText, _ value: TemplateValue) {
    dict.marks.append(TemplateDict.mark(key))
    dict.keys.append(.string(key))
    dict.values.append(value)
  }
}
