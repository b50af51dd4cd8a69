/// Looks for text that is meant for the model rather than for the reader.
///
/// Each finding has a rule and a score; a text's score is 1 - Π (1 - score) over the highest finding
/// of each rule. What stands in quotation marks or code, and what stands in a text about such
/// attacks, counts half: it is mentioned, not used.
package struct InjectionScanner: Sendable {
  package struct Finding: Sendable, Hashable {
    package var rule: String
    package var score: Double

    package init(rule: String, score: Double) {
      self.rule = rule
      self.score = score
    }
  }

  /// The rules in order, as docs/filters.md lists them.
  package static let rules = [
    "injection.override", "injection.prompt_leak", "injection.persona", "injection.addressed",
    "injection.special_token", "injection.role_spoof", "injection.hidden_unicode",
    "injection.homoglyphs", "injection.encoded", "injection.markdown_exfiltration",
    "injection.html_comment",
  ]

  private let matcher = PhraseMatcher(InjectionPhrases.all.map(\.pattern))
  private let about = PhraseMatcher([
    "prompt injection|injections|injecting",
    "jailbreak|jailbreaks|jailbreaking prompts|attacks|attempts|techniques|of",
    "adversarial prompts|prompt|attack|attacks|examples", "attackers|attacker|hacker|hackers",
    "red teaming|team", "social engineering", "phishing", "提示 注入", "промпт инъекция",
  ])

  package init() {}

  /// What one text holds: the highest finding of each rule, in the order of ``rules``.
  package func scan(_ text: UnsafeBufferPointer<UInt8>) -> [Finding] {
    var found: [String: Double] = [:]
    scan(text, depth: 0, into: &found)
    return Self.rules.compactMap { rule in found[rule].map { Finding(rule: rule, score: $0) } }
  }

  package static func score(_ findings: [Finding]) -> Double {
    1 - findings.reduce(1) { $0 * (1 - $1.score) }
  }

  private func scan(
    _ text: UnsafeBufferPointer<UInt8>, depth: Int, into found: inout [String: Double]
  ) {
    let words = InjectionWords.words(text)
    var isAbout = false
    about.forEachMatch(words) { _, _, _ in isAbout = true }
    func add(_ rule: String, _ score: Double, at range: Range<Int>) {
      let mentioned = isAbout || InjectionWords.isQuoted(text, range)
      found[rule] = max(found[rule] ?? 0, mentioned ? score / 2 : score)
    }
    matcher.forEachMatch(words) { phrase, first, last in
      let entry = InjectionPhrases.all[phrase]
      add(entry.rule, entry.score, at: words[first].start..<words[last].end)
    }
    MarkupScan.tokens(text) { add("injection.special_token", $1, at: $0) }
    MarkupScan.roles(text) { add("injection.role_spoof", $1, at: $0) }
    MarkupScan.images(text) { add("injection.markdown_exfiltration", $1, at: $0) }
    for (rule, score) in UnicodeScan.findings(text) {
      found[rule] = max(found[rule] ?? 0, isAbout ? score / 2 : score)
    }
    guard depth == 0 else { return }
    MarkupScan.comments(text) { range in
      var inner: [String: Double] = [:]
      scan(UnsafeBufferPointer(rebasing: text[range]), depth: 1, into: &inner)
      if let most = inner.values.max(), most >= 0.3 {
        add("injection.html_comment", 0.8, at: range)
      }
    }
    EncodedScan.blobs(text) { range, decoded in
      var inner: [String: Double] = [:]
      decoded.withUnsafeBufferPointer { scan($0, depth: 1, into: &inner) }
      if let most = inner.values.max(), most >= 0.3 { add("injection.encoded", 0.9, at: range) }
    }
  }
}
