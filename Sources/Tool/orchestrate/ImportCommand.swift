import ArgumentParser
import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Planning
import StageKit

/// `orchestrate import`: pipelines out of other programs' configurations.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turns another program's configuration into a pipeline.",
    subcommands: [ImportAxolotlCommand.self])
}

/// `orchestrate import axolotl FILE`.
struct ImportAxolotlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "axolotl",
    abstract: "Turns an Axolotl YAML into a pipeline, and names every key it could not carry.",
    discussion: """
      The pipeline is printed, or written to the file of -o; what became of the keys is told on \
      standard error: one line for each key that changed its form, that is not supported, or that \
      Axolotl does not have, with what to do. Keys that are not needed are named together (--all \
      says why, and lists those that were carried). Paths in the pipeline are relative to its own folder; \
      models and rows of the Hub are expected in ./models and ./data beside it.

      Ends with 0 when a pipeline was made, and with 65 when there is none; with --strict also when \
      a key was not carried.
      """)

  @Argument(help: "Axolotl's configuration.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The pipeline file to write.")
  var output: String?

  @Flag(help: "Overwrites the file of -o.")
  var force = false

  @Flag(help: "Tells of every key.")
  var all = false

  @Flag(help: "Fails when a key was not carried.")
  var strict = false

  @Flag(help: "Prints the pipeline and every key's verdict as JSON.")
  var json = false

  func run() throws {
    let bytes = try HostFile.bytes(file, limit: YAMLReader.byteCountMax)
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
    let made = AxolotlImport(try YAMLReader.parse(bytes, file: file), file: file) { name in
      HostFile.info(folder + "/" + name) != nil
    }
    if json { print(JSONWriter.compact(view(made))) }
    guard let pipeline = made.pipeline else {
      if !json { tell(made) }
      throw Failure(made.problems, .badInput)
    }
    try check(pipeline, made)
    if let output {
      try write(pipeline, to: output)
    } else if !json {
      Console.output.write(pipeline)
    }
    if !json { tell(made) }
    let left = made.findings.filter { [.notSupported, .unknown].contains($0.verdict) }
    if strict, !left.isEmpty {
      throw Failure(
        left.map {
          Diagnostic(
            "import.not-carried", "'\(SafeText.escaped($0.key, limit: 80))' was not carried",
            at: $0.span, fix: $0.text)
        }, .badInput)
    }
  }

  /// What the stages themselves say of the values: a pipeline that cannot be read is not written.
  private func check(_ pipeline: String, _ made: AxolotlImport) throws {
    let scratch =
      FileManager.default.temporaryDirectory.path
      + "/orchestrate-import-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try Data(pipeline.utf8).write(to: URL(fileURLWithPath: scratch))
    do {
      _ = try Planner.load(scratch, catalogue: .builtin)
    } catch let failure as Failure {
      throw Failure(
        failure.diagnostics.map { diagnostic in
          let words = diagnostic.message.split { !($0.isLetter || $0.isNumber || $0 == "_") }
          let finding = made.findings.first { finding in words.contains { $0 == finding.key } }
          return Diagnostic(
            "import.value", "a value of the configuration is not taken: \(diagnostic.message)",
            at: finding?.span ?? SourceSpan(file: file, line: 1), fix: diagnostic.fix)
        }, .badInput)
    }
  }

  private func write(_ pipeline: String, to path: String) throws {
    if !force, HostFile.info(path) != nil {
      throw Diagnostic(
        "import.exists", "'\(SafeText.escaped(path, limit: 300))' is there already",
        fix: "name another file with -o, or add --force"
      ).failure(.usage)
    }
    do {
      try Data(pipeline.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw Diagnostic(
        "io.not-writable", "'\(SafeText.escaped(path, limit: 300))' cannot be written"
      ).failure(.io)
    }
  }

  /// The verdicts on standard error.
  private func tell(_ made: AxolotlImport) {
    let quiet: Set<AxolotlFinding.Verdict> = [.carried, .empty, .notNeeded]
    for finding in made.findings where all || !quiet.contains(finding.verdict) {
      Console.errors.line(
        "\(SafeText.escaped(file, limit: 300)):\(finding.span.line): "
          + "\(Self.word(finding.verdict)): \(SafeText.escaped(finding.key, limit: 80)): "
          + finding.text)
    }
    let notNeeded = made.findings.filter { $0.verdict == .notNeeded }.map(\.key)
    if !all, !notNeeded.isEmpty {
      let names = notNeeded.map { SafeText.escaped($0, limit: 80) }.joined(separator: ", ")
      Console.errors.line("not needed: \(names)")
    }
    for item in made.expected { Console.errors.line("expected: \(item.path): \(item.what)") }
    let counts = AxolotlFinding.Verdict.allCases.compactMap { verdict -> String? in
      let count = made.findings.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(Self.word(verdict))"
    }
    Console.errors.line("\(made.findings.count) keys: \(counts.joined(separator: ", "))")
    if let output, made.pipeline != nil {
      Console.errors.line("next: orchestrate validate \(SafeText.escaped(output, limit: 300))")
    }
  }

  private static func word(_ verdict: AxolotlFinding.Verdict) -> String {
    verdict.rawValue.split(separator: "-").joined(separator: " ")
  }

  private func view(_ made: AxolotlImport) -> JSONValue {
    .object([
      "pipeline": made.pipeline.map { .string($0) } ?? .null,
      "expected": .array(
        made.expected.map { .object(["path": .string($0.path), "what": .string($0.what)]) }),
      "keys": .array(
        made.findings.map {
          .object([
            "key": .string($0.key), "line": .integer(Int64($0.span.line)),
            "column": .integer(Int64($0.span.column)), "verdict": .string($0.verdict.rawValue),
            "text": .string($0.text),
          ])
        }),
    ])
  }
}
