internal import Diagnostics
private import Foundation
private import Glibc
internal import Parallelism
package import Processes

/// Tests Python programs in sandboxes, as human-eval's `check_correctness` does without one.
///
/// A program passes when its test runs to the end in a process that the program never enters; see
/// ``CodeTestScript`` and `docs/sandbox.md`.
///
/// ```swift
/// let tester = try SandboxedCodeTester(CodeTestSettings(threads: 8))
/// let verdicts = try tester.verdicts(of: [
///   CodeProgram(code: "def twice(x): return 2 * x", test: "assert twice(2) == 4")
/// ])
/// ```
package struct SandboxedCodeTester: CodeTester {
  /// Of code and test together.
  package static let programBytesMax = 1 << 20

  package let settings: CodeTestSettings
  private let sandbox: Sandbox
  private let python: PythonInterpreter

  package var strength: SandboxStrength { sandbox.strength }

  /// - Parameter walls: those that may be used.
  /// - Throws: ``Failure`` when there is no interpreter, or no sandbox and `allowsUnsafe` is false.
  package init(_ settings: CodeTestSettings = CodeTestSettings(), walls: SandboxWalls = .all)
    throws
  {
    self.settings = settings
    python = try PythonInterpreter.find(
      settings.interpreter, arguments: settings.arguments)
    do {
      sandbox = try Sandbox.find(walls: walls)
    } catch  where settings.allowsUnsafe {
      sandbox = .unsafe
    }
    guard try verdict(of: CodeProgram(code: "", test: ""), seconds: 20) == .passed else {
      throw Diagnostic(
        "code.interpreter",
        "'\(SafeText.escaped(python.path))' does not run in the sandbox (\(strength))",
        fix: "use a Python that every user can read, with its libraries below its own folder or "
          + "/usr"
      ).failure(.badInput)
    }
  }

  package func verdicts(of programs: [CodeProgram]) throws -> [CodeVerdict] {
    try ThreadPool(threads: settings.threads).map(programs) {
      try verdict(of: $0, seconds: settings.seconds)
    }
  }

  private func verdict(of program: CodeProgram, seconds: Double) throws -> CodeVerdict {
    guard program.code.utf8.count + program.test.utf8.count <= Self.programBytesMax else {
      return .refused
    }
    let token = UUID().uuidString
    let channels = try CodeTestChannels(Self.input(program, token))
    let subject = try start("subject", [nil, nil, nil, channels.subject], slot: 0, seconds)
    let judge: ChildProcess
    do {
      judge = try start(
        "judge", [channels.input, nil, nil, channels.judge, channels.verdictWrite], slot: 1, seconds
      )
    } catch {
      _ = subject.end()
      throw error
    }
    channels.closeOthers()
    let answer = channels.verdict(until: .now + .seconds(seconds), bytesMax: token.utf8.count + 8)
    _ = judge.end()
    _ = subject.end()
    guard let answer else { return .timedOut }
    return answer == Array("\(token) passed".utf8) ? .passed : .failed
  }

  private func start(_ role: String, _ descriptors: [Int32?], slot: Int, _ seconds: Double) throws
    -> ChildProcess
  {
    try sandbox.start(
      python.path, [python.path] + settings.arguments + ["-c", CodeTestScript.text, role],
      environment: Sandbox.environment + ["OMP_NUM_THREADS=1", "PYTHONHASHSEED=0"],
      descriptors: descriptors, readable: python.folders,
      limits: SandboxLimits(
        processorSeconds: Int(seconds.rounded(.up)) + 1, memoryMiB: settings.memoryMiB),
      slot: slot)
  }

  /// What the judge reads: the token that a pass must show, the entry point, the code, the test.
  private static func input(_ program: CodeProgram, _ token: String) -> [UInt8] {
    let entry = program.entryPoint.map { $0.split(whereSeparator: \.isNewline).joined() } ?? ""
    let code = Array(program.code.utf8)
    return Array("\(token)\n\(entry)\n\(code.count)\n".utf8) + code + Array(program.test.utf8)
  }
}
