package import Processes

/// A program that a model wrote, and what tests it.
package struct CodeProgram: Sendable, Hashable {
  /// Defines what is tested: for HumanEval the prompt and the completion. Nobody trusts it.
  package var code: String
  /// Trusted text that runs after the code and raises an exception when the code is wrong: for
  /// HumanEval `test` and `check(entry_point)`. Empty: the code must only run to its end.
  package var test: String
  /// What the test calls. It alone may hide a built-in name of Python from the test.
  package var entryPoint: String?

  package init(code: String, test: String, entryPoint: String? = nil) {
    self.code = code
    self.test = test
    self.entryPoint = entryPoint
  }
}

package enum CodeVerdict: String, Sendable, Hashable, Codable, CaseIterable {
  case passed
  /// An exception, a wrong result, a limit other than time, or an end before the test's end.
  case failed
  case timedOut = "timed_out"
  /// Not run: longer than ``SandboxedCodeTester/programBytesMax``.
  case refused
}

/// Runs programs and says which pass their tests.
package protocol CodeTester: Sendable {
  /// Which walls stand around the programs.
  var strength: SandboxStrength { get }
  /// One verdict for each program, in their order; independent of how many run at once, as far as
  /// the programs' time allows.
  ///
  /// - Throws: ``Failure`` when programs cannot be run at all. Messages never hold program text.
  func verdicts(of programs: [CodeProgram]) throws -> [CodeVerdict]
}
