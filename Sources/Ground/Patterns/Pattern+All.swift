extension Pattern {
  /// All matches, left to right, none overlapping, empty ones included: Python's `re.finditer`.
  ///
  /// Where an alternative that is empty is preferred to a longer one at the same place, Python
  /// gives both; this gives the empty one.
  package func allMatches(in text: String) -> [Match] {
    let scalars = Array(text.unicodeScalars)
    var machine = PatternMachine(program, scalars, keepsGroups: true)
    var matches: [Match] = []
    var position = 0
    while position <= scalars.count, let bounds = machine.run(whole: false, from: position) {
      matches.append(Match(text: scalars, bounds: bounds))
      position = bounds[1] > bounds[0] ? bounds[1] : bounds[0] + 1
    }
    return matches
  }

  /// The text with every match replaced by what `replacement` makes of it: Python's `re.sub`.
  package func replacing(in text: String, with replacement: (Match) -> String) -> String {
    let matches = allMatches(in: text)
    guard !matches.isEmpty else { return text }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    var position = 0
    for match in matches {
      result.append(contentsOf: scalars[position..<match.bounds[0]])
      result.append(contentsOf: replacement(match).unicodeScalars)
      position = match.bounds[1]
    }
    result.append(contentsOf: scalars[position...])
    return String(result)
  }
}
