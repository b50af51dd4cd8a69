package import Patterns

/// What answers go through before they are compared: an entry of `filter_list`.
package struct HarnessFilterList: Sendable {
  package var name: String
  package var steps: [HarnessFilter]

  package init(_ name: String, _ steps: [HarnessFilter]) {
    self.name = name
    self.steps = steps
  }

  /// What stands where a task names no filters.
  package static let none = HarnessFilterList("none", [.takeFirst])

  /// The answer that is scored, of all answers to an item; nil where a filter maps it to nothing.
  func answer(of answers: [String]) -> String? {
    var texts: [String?] = answers
    for step in steps { texts = step.applied(to: texts) }
    return texts.first ?? nil
  }
}

/// A step of a filter, by the harness' name (`function:`).
package enum HarnessFilter: Sendable {
  /// `regex`: the match number `select` (from the end where negative), by its first group that is
  /// not empty.
  case regex(Pattern, select: Int, fallback: String)
  case takeFirst
  case takeFirstOf(Int)
  case removeWhitespace, lowercase, uppercase
  /// `map`: what is not in the table becomes `fallback`.
  case map([String: String], fallback: String?)
  case majorityVote

  /// What the harness' regular expression is where none is given.
  package static let patternByDefault = #"#### (\-?[0-9\.\,]+)"#

  func applied(to texts: [String?]) -> [String?] {
    switch self {
    case .takeFirst: return Array(texts.prefix(1))
    case .takeFirstOf(let count): return Array(texts.prefix(count))
    case .majorityVote: return [Self.majority(texts)]
    case .removeWhitespace: return texts.map { $0.map(PythonText.stripped) }
    case .lowercase: return texts.map { $0?.lowercased() }
    case .uppercase: return texts.map { $0?.uppercased() }
    case .map(let table, let fallback):
      return texts.map { $0.flatMap { table[$0] } ?? fallback }
    case .regex(let pattern, let select, let fallback):
      return texts.map { Self.extract($0 ?? "", pattern, select, fallback) }
    }
  }

  private static func extract(_ text: String, _ pattern: Pattern, _ select: Int, _ fallback: String)
    -> String
  {
    let matches = pattern.allMatches(in: text)
    let index = select < 0 ? matches.count + select : select
    guard matches.indices.contains(index) else { return fallback }
    let match = matches[index]
    let found: String?
    switch pattern.groupCount {
    case 0: found = match.text(of: 0)
    case 1: found = match.text(of: 1) ?? ""
    case let count:
      found = (1...count).lazy.compactMap { match.text(of: $0) }.first { !$0.isEmpty }
    }
    return found.map(PythonText.stripped) ?? fallback
  }

  /// The most frequent; the first seen of equals.
  private static func majority(_ texts: [String?]) -> String? {
    var counts: [String?: Int] = [:]
    for text in texts { counts[text, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return texts.first { counts[$0] == most } ?? nil
  }
}
