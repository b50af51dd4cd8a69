internal import Diagnostics

/// A regular expression that cannot hang: matching takes time linear in the text, whatever the
/// pattern (a simulation of Thompson 1968 with the captures of Pike; priorities are Perl's, so it
/// finds what Python's `re` finds).
///
/// ```swift
/// let pattern = try Pattern(#"total: (\d+)"#)
/// pattern.search("the total: 42")?.text(of: 1)   // "42"
/// ```
///
/// Understood: literals, `.`, `[…]`, `\d \w \s \b` and their opposites, `^ $ \A \z \Z`, groups
/// (plain, `(?:…)`, `(?<name>…)`, `(?P<name>…)`), `|`, `* + ? {n} {n,} {n,m}` and their lazy forms,
/// `(?ims)` and `(?ims:…)`, escapes `\n \t \r \f \v \0 \xHH \uHHHH`. Back-references and
/// look-around need more than linear time and are refused by name.
package struct Pattern: Sendable {
  /// Whose rules the short classes and `$` follow.
  package enum Dialect: Sendable, Hashable {
    /// Python's `re` on texts: `\d \w \s` know all scripts, `$` stands before a last line feed too.
    case python
    /// ECMA-262, which JSON Schema names: `\d \w` are ASCII, `$` is the very end.
    case ecma
  }

  package struct Flags: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let ignoreCase = Flags(rawValue: 1)
    /// `^` and `$` stand at every line.
    package static let multiline = Flags(rawValue: 2)
    /// `.` matches a line feed.
    package static let dotAll = Flags(rawValue: 4)

    /// From letters among i, m and s; nil when there is another.
    package init?(letters: some StringProtocol) {
      var flags: Flags = []
      for letter in letters {
        switch letter {
        case "i": flags.insert(.ignoreCase)
        case "m": flags.insert(.multiline)
        case "s": flags.insert(.dotAll)
        default: return nil
        }
      }
      self = flags
    }
  }

  /// What a pattern may cost: instructions of its program, once `{n,m}` is written out.
  package static let instructionsMax = 4096
  package static let groupsMax = 99

  let program: PatternProgram
  /// Names of groups, by number.
  package let groupNames: [Int: String]

  /// - Throws: ``Failure`` of class `badInput` that says where the pattern is wrong.
  package init(_ source: String, flags: Flags = [], dialect: Dialect = .python) throws {
    var parser = PatternParser(source, flags: flags, dialect: dialect)
    let tree = try parser.parse()
    groupNames = parser.groupNames
    program = try PatternProgram(
      tree, groups: parser.groupCount, source: source, dialect: dialect)
  }

  package var groupCount: Int { program.groups }

  /// A place where the pattern matched.
  package struct Match: Sendable {
    let text: [Unicode.Scalar]
    /// Start and end of each group in scalars, -1 where it took no part.
    let bounds: [Int]

    /// What group `index` matched, 0 for the whole; nil when it took no part.
    package func text(of index: Int) -> String? {
      guard index * 2 + 1 < bounds.count, bounds[2 * index] >= 0, bounds[2 * index + 1] >= 0
      else { return nil }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text[bounds[2 * index]..<bounds[2 * index + 1]])
      return String(view)
    }
  }

  /// The leftmost match.
  package func search(_ text: String) -> Match? { match(text, whole: false) }

  /// The match of the whole text.
  package func matchWhole(_ text: String) -> Match? { match(text, whole: true) }

  /// Whether the pattern matches anywhere; cheaper, since no group is remembered.
  package func isFound(in text: String) -> Bool {
    var machine = PatternMachine(program, Array(text.unicodeScalars), keepsGroups: false)
    return machine.run(whole: false) != nil
  }

  /// UTF-8 offsets of all matches, left to right, none overlapping. An empty match is left out.
  ///
  /// - Parameter text: valid UTF-8; other bytes read as U+FFFD and may shift later offsets.
  package func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    var machine = PatternMachine(program, scalars, keepsGroups: true)
    var ranges: [Range<Int>] = []
    var (position, scalar, offset) = (0, 0, 0)
    func utf8Offset(of place: Int) -> Int {
      while scalar < place {
        offset += UTF8.width(scalars[scalar])
        scalar += 1
      }
      return offset
    }
    while position <= scalars.count, let bounds = machine.run(whole: false, from: position) {
      let (start, end) = (bounds[0], bounds[1])
      if end > start {
        let startOffset = utf8Offset(of: start)
        ranges.append(startOffset..<utf8Offset(of: end))
      }
      position = max(end, start + 1)
    }
    return ranges
  }

  private func match(_ text: String, whole: Bool) -> Match? {
    let scalars = Array(text.unicodeScalars)
    var machine = PatternMachine(program, scalars, keepsGroups: true)
    return machine.run(whole: whole).map { Match(text: scalars, bounds: $0) }
  }
}
