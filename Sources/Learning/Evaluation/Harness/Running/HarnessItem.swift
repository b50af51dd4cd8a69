internal import Documents

/// A document with what is asked about it and what its right answer is.
struct HarnessItem: Sendable {
  var document: JSONValue
  var requests: [ModelRequest]
  /// As the harness' samples show it.
  var target: JSONValue
  var expected: Expected

  enum Expected: Sendable {
    /// Of a multiple choice: the right ones; empty where the label is none of them.
    case choices([String], gold: [Int])
    /// Of `loglikelihood`.
    case continuation
    case words(Int, bytes: Int)
    case answers([String])
    /// Of code: what comes before and behind the answer.
    case tests(before: String, after: String)
    /// Of the share of true choices: which are.
    case truths([Bool])
  }
}
