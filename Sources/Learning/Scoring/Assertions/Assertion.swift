package import Documents

/// What an answer must be, as promptfoo writes it: a type, `not-` before it for the opposite, and
/// the type's own keys.
///
/// ```yaml
/// - { type: contains-all, value: [Paris, "{{ country }}"] }
/// - { type: not-icontains, value: sorry }
/// - { type: rouge-l, value: "{{ summary }}", threshold: 0.4, weight: 2 }
/// ```
///
/// `{{ name }}` in a value stands for a field of the row.
package struct Assertion: Sendable {
  /// As written: `not-contains`.
  package let type: String
  package let isNegated: Bool
  /// At least 0; of weight 0 an assertion only tells.
  package let weight: Double

  private let check: any AssertionCheck

  /// - Parameters:
  ///   - json: an object with `type`.
  ///   - position: which of a list it is, from 0, for messages.
  /// - Throws: ``Failure`` of class `badInput`: an unknown type or key, with the nearest name, a
  ///   value that does not fit.
  package init(_ json: JSONValue, position: Int = 0) throws {
    let (kind, name) = try AssertionKinds.find(json, position)
    let settings = try AssertionSettings(json, name: name, keys: kind.keys, position: position)
    type = json["type"]?.stringValue ?? name
    isNegated = type != name
    weight = try settings.number("weight", default: 1, in: 0...1e6)
    check = try kind.init(settings)
  }

  package struct Outcome: Sendable, Hashable {
    package var passes: Bool
    /// 0 to 1: how far a metric got, else 1 or 0.
    package var score: Double
  }

  /// - Parameter variables: the row's fields, an object.
  /// - Throws: ``Failure`` of class `badInput` for a field that a value names and the row lacks.
  package func evaluate(_ answer: String, _ variables: JSONValue) throws -> Outcome {
    let outcome = try check.check(answer, variables)
    return isNegated
      ? Outcome(passes: !outcome.passes, score: 1 - outcome.score) : outcome
  }
}

/// A kind of assertion: a file of its own, a row in ``AssertionKinds/all`` and rows in its suite. A
/// pure function, bounded for any answer.
protocol AssertionCheck: Sendable {
  /// The types it reads.
  static var names: [String] { get }
  /// Keys beside `type` and `weight`.
  static var keys: [String] { get }

  init(_ settings: AssertionSettings) throws
  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome
}

extension Assertion.Outcome {
  init(_ passes: Bool) { self.init(passes: passes, score: passes ? 1 : 0) }

  init(_ score: Double, threshold: Double) {
    self.init(passes: score >= threshold, score: min(1, max(0, score)))
  }
}
