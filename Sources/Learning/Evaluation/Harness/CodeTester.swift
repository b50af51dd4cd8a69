/// Runs programs that a model wrote, with their tests. What runs them keeps them away from the
/// machine; a task of code is refused where there is none.
package protocol CodeTester: Sendable {
  /// One result for each program, in order.
  func results(of programs: [CodeProgram]) throws -> [CodeTestResult]
}

/// A program that ends by itself, without an error, when all its tests hold.
package struct CodeProgram: Sendable, Hashable {
  /// Python.
  package var source: String
  /// Seconds it may take.
  package var timeout: Double

  package init(source: String, timeout: Double) {
    self.source = source
    self.timeout = timeout
  }
}

package enum CodeTestResult: Sendable, Hashable {
  case passed
  /// With the last line of what it complained of.
  case failed(String)
  case timedOut
}
