internal import Diagnostics
private import Documents
private import Foundation
private import Processes

/// A command that scores: for rewards that no other verifier expresses (unit tests, compilers).
///
/// It gets one line of JSON, `{"prompt": …, "completion": …, "fields": {…}}`, and says the score by
/// its exit status (0 is 1, anything else 0) or by the last line it prints (0 to 1). It runs with
/// an environment of its own, at low limits, and is killed with its whole process group when they
/// are reached. The limits stop accidents. A command that runs code of the model's belongs in the
/// sandbox: `sandbox: true`.
package struct CommandVerifier: Verifier {
  package static let name = "command"
  package static let summary = "A command of yours gives the score."
  package static let options = [
    VerifierOption("command", "The program and its arguments, a list; no shell reads it."),
    VerifierOption("score", "status: exit status 0 is 1 (default); output: the last line printed."),
    VerifierOption("timeout", "Seconds it may take; default 10."),
    VerifierOption("memory", "MiB of address space it may take; default 4096."),
    VerifierOption(
      "sandbox",
      "true: it reaches no network and no file but the system's and those of 'readable'; default "
        + "false, for commands that you trust and that run no code of the model's."),
    VerifierOption("readable", "Files and folders that it may read in the sandbox."),
  ]

  private enum Source: String, CaseIterable { case status, output }

  private let run: LimitedCommand
  private let source: Source

  package init(_ settings: VerifierSettings) throws {
    guard let command = try settings.strings("command"), !command.isEmpty else {
      throw settings.problem("command", "must be a list: the program and its arguments")
    }
    source = try settings.choice("score", default: .status)
    let seconds = try settings.number("timeout", default: 10, in: 0.01...3600)
    let memory = try settings.integer("memory", in: 16...1_048_576) ?? 4096
    let inSandbox = try settings.flag("sandbox", default: false)
    let readable = try settings.strings("readable")
    if !inSandbox, readable != nil {
      throw settings.problem("readable", "is for commands in the sandbox: set 'sandbox: true'")
    }
    run = LimitedCommand(
      command, seconds: seconds, memoryMiB: memory, sandbox: inSandbox ? try Sandbox.find() : nil,
      readable: try (readable ?? []).map { try Self.absolute($0, settings) })
  }

  package func verify(_ attempt: Attempt) throws -> Verification {
    let line = JSONWriter.compact(
      .object([
        "prompt": .string(attempt.prompt), "completion": .string(attempt.completion),
        "fields": attempt.fields,
      ]))
    let result = try run.run(input: Array(line.utf8) + [0x0A])
    switch result.end {
    case .timedOut: return Verification(0, "command.timed-out")
    case .tooMuchOutput: return Verification(0, "command.too-much-output")
    case .exit(.signalled): return Verification(0, "command.killed")
    case .exit(.exited(let status)):
      if source == .status {
        return Verification(status == 0 ? 1 : 0, status == 0 ? "command.passed" : "command.failed")
      }
      return status == 0 ? Self.score(result.output) : Verification(0, "command.failed")
    }
  }

  /// Without links, as the sandbox wants it.
  private static func absolute(_ path: String, _ settings: VerifierSettings) throws -> String {
    guard FileManager.default.fileExists(atPath: path) else {
      throw settings.problem(
        "readable", "names '\(SafeText.escaped(path))', and there is no such file or folder")
    }
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// The number on the last line that is not blank.
  private static func score(_ output: [UInt8]) -> Verification {
    let text = String(decoding: output, as: UTF8.self)
    let last = text.split(whereSeparator: \.isNewline)
      .last { $0.contains { !$0.isWhitespace } }
    guard let last, let number = Double(TextNormalization.trimmed(String(last))), number.isFinite
    else { return Verification(nil, "command.no-number") }
    guard (0...1).contains(number) else {
      return Verification(min(max(number, 0), 1), "command.out-of-range")
    }
    return Verification(number, "command.scored")
  }
}
