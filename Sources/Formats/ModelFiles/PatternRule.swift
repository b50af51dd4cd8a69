import Diagnostics

/// One entry of `rank_pattern` or `alpha_pattern`: a value for the modules whose path ends with
/// what the key, a regular expression, matches (PEFT's `get_pattern_key`).
package struct PatternRule<Value: Sendable & Hashable>: Sendable, Hashable {
  package let key: String
  package let value: Value
  private let pattern: PathPattern

  /// - Throws: ``Failure`` of class `badInput` for an expression that is not understood.
  package init(_ key: String, _ value: Value) throws {
    self.key = key
    self.value = value
    do {
      _ = try PathPattern(key)  // so that a problem's place is that in the key
      pattern = try PathPattern(ending: key)
    } catch {
      throw Diagnostic(
        "adapter.pattern",
        "the pattern '\(SafeText.escaped(key))' has \(error.message)",
        fix: "give the end of a module's path, such as 'q_proj' or 'layers.0.mlp.up_proj'"
      ).failure(.badInput)
    }
  }

  package func matches(_ path: String) -> Bool { pattern.matches(path) }
}
