internal import CKernels
internal import Documents
internal import Reproducibility

/// Encodes raw JSON rows of the common shapes from their tape, without building values.
///
/// It takes what is right and plain and leaves everything else, every error among it, to
/// ``RowShaper``, which is its definition: both write the same bytes.
package struct RowTranscriber: ~Copyable {
  package struct Result {
    /// Where the bytes lie that the row's hash is of: for ``keys(of:)``.
    package var canonical: Range<Int>
    package var warning: String?
  }

  /// A turn of a conversation that was written to `line`.
  struct Turn {
    var role: Message.Role
    /// Between the quotes, in `line`.
    var content: Range<Int>
    var train: Bool?
    /// Members kept, by the entries of their keys: a range of `extras`.
    var extras: Range<Int>
  }

  let shape: RowShape
  let names: TranscribedNames
  var tape = JSONTape()
  /// The row after its id, as ``EncodedRow/tail`` holds it: what the caller gave, while a row is
  /// read.
  var line = ByteRoom()
  /// What the hashes of rows are of, one row after the other.
  var canonical = ByteRoom()
  var turns: [Turn] = []
  var extras: [Int] = []
  /// Entries of keys of the row that were read.
  var used: [Int] = []
  var warning: String?

  /// Nil where shape or names need the slower way.
  package init?(_ shape: RowShape, _ columns: ColumnNames) {
    guard let names = TranscribedNames(columns, shape.canonical) else { return nil }
    self.shape = shape.canonical
    self.names = names
  }

  /// Appends the row to `lines`; nil, and something that is no row there, when it must be read as a
  /// tree.
  package mutating func row(
    _ raw: UnsafeBufferPointer<UInt8>, line number: Int, to lines: inout ByteRoom
  ) -> Result? {
    guard tape.holds(raw, line: number), tape.isKind(0, ORC_JSON_OBJECT), hasPlainKeys(0) else {
      return nil
    }
    swap(&line, &lines)
    defer { swap(&line, &lines) }
    let start = canonical.count
    turns.removeAll(keepingCapacity: true)
    extras.removeAll(keepingCapacity: true)
    used.removeAll(keepingCapacity: true)
    warning = nil
    guard content() else {
      canonical.removeAll(from: start)
      return nil
    }
    return Result(canonical: start..<canonical.count, warning: warning)
  }

  /// What ``RowIdentity/hash(_:_:)`` gives for rows since the last call, as keys of first rows.
  package mutating func keys(of rows: [Range<Int>]) -> [RowKey] {
    let all = UnsafeRawBufferPointer(canonical.bytes)
    let halves = Digest.halves(of: rows.map { UnsafeRawBufferPointer(rebasing: all[$0]) })
    canonical.removeAll()
    return halves.map { RowKey(high: $0.high, low: $0.low, ordinal: 0) }
  }

  private mutating func content() -> Bool {
    switch shape {
    case .completion: return text()
    case .chatTemplate, .sharegpt: return conversation()
    case .alpaca: return alpaca()
    case .promptCompletion: return completion()
    case .preference: return preference()
    case .kto: return unpaired()
    default: return false
    }
  }

  /// Whether no key of the object at entry `object` holds an escape.
  borrowing func hasPlainKeys(_ object: Int) -> Bool {
    var at = object + 1
    let end = Int(tape.entries[object].next)
    while at < end {
      if tape.entries[at].flags & UInt8(ORC_JSON_ESCAPED) != 0 { return false }
      at = Int(tape.entries[at + 1].next)
    }
    return true
  }

  /// The value of the first of `names` that the row has; nil when it has none. The column counts as
  /// read.
  mutating func column(_ names: [[UInt8]]) -> Int? {
    guard let key = tape.key(0, names) else { return nil }
    used.append(key)
    return key + 1
  }

  /// The same for a column that may be null or absent: nil then.
  mutating func optional(_ names: [[UInt8]]) -> Int? {
    guard let value = column(names), !tape.isKind(value, ORC_JSON_NULL) else { return nil }
    return value
  }

  // MARK: - Writing

  /// Appends the inside of the string at entry `index` to `line`, and returns where it is there.
  mutating func write(_ index: Int) -> Range<Int> {
    let start = line.count
    line.append(inside: tape.entries[index], of: tape.text)
    return start..<line.count
  }

  /// `"text"`, from a piece of `line`, to `canonical`.
  mutating func copy(_ range: Range<Int>) {
    canonical.append("\"")
    canonical.append(line, range)
    canonical.append("\"")
  }

  /// Ends `line` with the columns that were not read and begins `canonical` with them.
  ///
  /// - Parameter canonicalStart: what stands before `fields` in the order of keys.
  mutating func writeFields() -> Bool {
    var rest: [Int] = []
    var at = 1
    let end = Int(tape.entries[0].next)
    while at < end {
      if !used.contains(at) { rest.append(at) }
      at = Int(tape.entries[at + 1].next)
    }
    if rest.isEmpty { return true }
    line.append(",\"fields\":{")
    for (number, key) in rest.enumerated() {
      if number > 0 { line.append(",") }
      guard TranscribedValue.member(tape, key, sorted: false, to: &line) else { return false }
    }
    line.append("}")
    canonical.append("\"fields\":{")
    guard TranscribedValue.members(tape, &rest, to: &canonical) else { return false }
    canonical.append("},")
    return true
  }

  mutating func endLine() { line.append("}\n") }
}
