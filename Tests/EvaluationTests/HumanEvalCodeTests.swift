import Documents
import Evaluation
import Foundation
import Processes
import Records
import TestSupport
import Testing

/// Solutions of HumanEval through the tester: the folder DATA.
@Suite(
  .enabled(if: SharedMaterial.data.exists, "../shared/data is absent (set DATA)"),
  .enabled(if: CodeTesting.isPossible, "no python3, or no sandbox can be made here"))
struct HumanEvalCodeTests {
  static let problems = Result { try read() }

  static func read() throws -> [(code: String, solution: String, test: String, entry: String)] {
    let path = SharedMaterial.data.path("eval/humaneval_even.jsonl.gz")
    let unpack = LimitedCommand(
      ["gzip", "-cd", path], seconds: 30, memoryMiB: 1024, outputBytesMax: 64 << 20)
    let text = String(decoding: try unpack.run(input: []).output, as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      let json = try JSONReader.parse(Array(line.utf8), file: path)
      func field(_ name: String) -> String { json[name]?.stringValue ?? "" }
      return (field("prompt"), field("canonical_solution"), field("test"), field("entry_point"))
    }
  }

  /// pass@1 of what `solution` makes of each problem.
  private func passAt1(
    _ solution: (_ index: Int, _ canonical: String) -> String
  ) throws -> Double? {
    let problems = try Self.problems.get()
    let tester = try SandboxedCodeTester(CodeTestSettings(seconds: 30, threads: 4))
    let programs = problems.enumerated().map { index, problem in
      CodeProgram(
        code: problem.code + solution(index, problem.solution),
        test: problem.test + "\ncheck(\(problem.entry))", entryPoint: problem.entry)
    }
    return PassAtK.mean(of: try tester.verdicts(of: programs).map { [$0] }, k: 1)
  }

  @Test("canonical solutions all pass")
  func canonical() throws {
    #expect(try Self.problems.get().count == 82)
    #expect(try passAt1 { $1 } == 1)
  }

  @Test("solutions that return nothing all fail")
  func empty() throws {
    #expect(try passAt1 { _, _ in "    return None\n" } == 0)
  }

  @Test("of canonical solutions every second one broken, half pass")
  func mutated() throws {
    #expect(
      try passAt1 { index, canonical in
        index % 2 == 0 ? canonical : "    return object()\n"
      } == 0.5)
  }
}
