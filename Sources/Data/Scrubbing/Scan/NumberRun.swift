/// Groups of digits as they stand in a text, separators between them.
///
/// Its storage is kept from text to text, since one is read for nearly every number.
struct NumberRun {
  /// What stands between two groups.
  enum Gap: UInt8 {
    case none, space, dash, dot, slash
    /// More than one sign: ` - `, `. `, or a parenthesis.
    case wide
  }

  struct Group {
    /// Place of its first digit among all digits.
    var first: Int32 = 0
    var size: Int32 = 0
    /// UTF-8 offsets of its digits.
    var start: Int32 = 0
    var end: Int32 = 0
    /// What stands before.
    var gap = Gap.none
    var isOpened = false
    var isClosed = false
  }

  static let digitsMax = 40
  static let groupsMax = 12

  let digits: UnsafeMutablePointer<UInt8>
  let groups: UnsafeMutablePointer<Group>
  private(set) var digitCount = 0
  private(set) var groupCount = 0
  /// Whether there were more digits or groups than are kept: the last group then ends nowhere.
  private(set) var isCut = false

  /// Allocates; ``free()`` gives it back.
  init() {
    digits = .allocate(capacity: Self.digitsMax)
    digits.initialize(repeating: 0, count: Self.digitsMax)
    groups = .allocate(capacity: Self.groupsMax)
    groups.initialize(repeating: Group(), count: Self.groupsMax)
  }

  func free() {
    digits.deallocate()
    groups.deallocate()
  }

  /// Reads groups from the digit at `start`.
  mutating func read(_ text: ByteText, at start: Int) {
    digitCount = 0
    groupCount = 0
    isCut = false
    var index = start
    var gap = Gap.none
    var isOpened = text[start - 1] == UInt8(ascii: "(")
    while true {
      var group = Group(first: Int32(digitCount), start: Int32(index), gap: gap, isOpened: isOpened)
      while let (value, length) = text.digit(at: index) {
        if digitCount == Self.digitsMax {
          isCut = true
          break
        }
        digits[digitCount] = value
        digitCount += 1
        index += length
      }
      group.size = Int32(digitCount) - group.first
      group.end = Int32(index)
      group.isClosed = text[index] == UInt8(ascii: ")")
      if group.size == 0 { return }
      groups[groupCount] = group
      groupCount += 1
      if isCut { return }
      guard let next = Self.gap(text, at: index) else { return }
      if groupCount == Self.groupsMax {
        isCut = true
        return
      }
      (index, gap, isOpened) = next
    }
  }

  /// UTF-8 offset behind the last group.
  var end: Int { groupCount == 0 ? 0 : Int(groups[groupCount - 1].end) }

  /// What stands between `index` and the next digit, when that separates groups of one number.
  private static func gap(_ text: ByteText, at start: Int) -> (Int, Gap, Bool)? {
    var index = start
    var gap = Gap.none
    var isOpened = false
    var signs = 0
    if text[index] == UInt8(ascii: ")") {
      index += 1
      gap = .wide
    }
    while signs < 3, !isOpened {
      if text.digit(at: index) != nil { return index > start ? (index, gap, false) : nil }
      if text[index] == UInt8(ascii: "(") {
        isOpened = true
        index += 1
        gap = .wide
      } else if text[index] != 0x09, let (kind, length) = text.separator(at: index) {
        let here: Gap =
          switch kind {
          case .space: .space
          case .dash: .dash
          case .dot: .dot
          case .slash: .slash
          }
        if gap != .none, here != .space, gap != .space, index > start + 1 { return nil }
        gap = gap == .none ? here : .wide
        index += length
      } else {
        return nil
      }
      signs += 1
    }
    return text.digit(at: index) != nil ? (index, gap, isOpened) : nil
  }
}

/// The first groups of a run from one of its groups on, as one number.
struct NumberCandidate {
  var firstGroup = 0
  var groupCount = 0
  /// Place and number of its digits.
  var first = 0
  var count = 0
  /// Sizes of the groups as hexadecimal digits: 3-2-4 is `0x324`; 15 and more digits are `F`.
  var layout: UInt64 = 0
  /// The gap between all groups; ``NumberRun/Gap/none`` for one group, ``NumberRun/Gap/wide`` where
  /// they differ.
  var gap = NumberRun.Gap.none
  /// UTF-8 offsets.
  var start = 0
  var end = 0
}
