/// A gate's decision, as kept in `verdict.json` of an artifact of type `verdict`.
package struct Verdict: Sendable, Hashable, Codable {
  package enum Decision: String, Sendable, Codable { case pass, refused, inconclusive }

  package struct Rule: Sendable, Hashable, Codable {
    /// The rule as the user wrote it, in one line.
    package var rule: String
    package var decision: Decision
    /// One sentence with the numbers.
    package var sentence: String

    package init(rule: String, decision: Decision, sentence: String) {
      self.rule = rule
      self.decision = decision
      self.sentence = sentence
    }
  }

  package var formatVersion = 1
  package var decision: Decision
  package var rules: [Rule]

  package init(decision: Decision, rules: [Rule]) {
    self.decision = decision
    self.rules = rules
  }
}
