/// The labels of a set, and those that look like another one misspelt.
package struct LabelSet: Sendable {
  /// A rare label beside a frequent one that it resembles.
  package struct Suspect: Sendable, Hashable {
    package enum Reason: String, Sendable { case letter_case, white_space, one_edit }
    package var label: String
    package var rows: Int
    package var resembles: String
    package var resemblesRows: Int
    package var reason: Reason
  }

  /// More different outputs are answers, not labels.
  package static let labelsMax = 2000
  private var counts: [String: Int] = [:]
  private var isTooLarge = false

  package init() {}

  /// - Parameter label: nil for an output that is too long for a label: the set is none.
  package mutating func add(_ label: String?) {
    guard !isTooLarge, let label else {
      isTooLarge = true
      counts = [:]
      return
    }
    counts[label, default: 0] += 1
    if counts.count > Self.labelsMax {
      isTooLarge = true
      counts = [:]
    }
  }

  /// Labels and their rows in order of label; empty when the outputs are no labels: too long, too
  /// many, or hardly ever the same twice.
  package var labels: [(label: String, rows: Int)] {
    let rows = counts.values.reduce(0, +)
    guard !isTooLarge, rows >= 3 * counts.count else { return [] }
    return counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { ($0.key, $0.value) }
  }

  /// Pairs that differ in case, in white space, or in one letter (one inserted, left out, changed or
  /// two exchanged; not digits, and the rarer one at most a tenth as frequent).
  package var suspects: [Suspect] {
    let labels = self.labels
    var found: [Suspect] = []
    for (index, a) in labels.enumerated() {
      for b in labels[(index + 1)...] {
        guard let reason = Self.reason(a.label, b.label) else { continue }
        let (rare, frequent) = a.rows <= b.rows ? (a, b) : (b, a)
        if reason == .one_edit, 10 * rare.rows > frequent.rows { continue }
        found.append(
          Suspect(
            label: rare.label, rows: rare.rows, resembles: frequent.label,
            resemblesRows: frequent.rows, reason: reason))
      }
    }
    return found
  }

  static func reason(_ a: String, _ b: String) -> Suspect.Reason? {
    let spaced = { (text: String) in text.filter { !$0.isWhitespace && $0 != "_" && $0 != "-" } }
    if a.lowercased() == b.lowercased() { return .letter_case }
    if spaced(a.lowercased()) == spaced(b.lowercased()) { return .white_space }
    return isOneEdit(Array(a.lowercased()), Array(b.lowercased())) ? .one_edit : nil
  }

  /// Whether one edit (Damerau 1964) makes `b` of `a`, both of at least four characters.
  private static func isOneEdit(_ a: [Character], _ b: [Character]) -> Bool {
    if a.count > b.count { return isOneEdit(b, a) }
    guard a.count >= 4, b.count - a.count <= 1 else { return false }
    var head = 0
    while head < a.count, a[head] == b[head] { head += 1 }
    if a.count < b.count {
      return !b[head].isNumber && a[head...].elementsEqual(b[(head + 1)...])
    }
    guard head < a.count, !a[head].isNumber || !b[head].isNumber else { return false }
    if a[(head + 1)...].elementsEqual(b[(head + 1)...]) { return true }
    return head + 1 < a.count && a[head] == b[head + 1] && a[head + 1] == b[head]
      && a[(head + 2)...].elementsEqual(b[(head + 2)...])
  }
}
