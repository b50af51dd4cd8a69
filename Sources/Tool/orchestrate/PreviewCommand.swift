import ArgumentParser
import Diagnostics
import Documents
import Foundation
import Generation
import Records
import Reproducibility
import Tokenization

/// `orchestrate preview MODEL FILE`: rows as a model would train on them.
struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Shows rows as tokens, with those that are trained marked.",
    discussion: """
      MODEL is a folder with tokenizer.json and, for conversations, a chat template. FILE is JSON \
      lines of any type that ingest reads. Trained tokens are green on a terminal and stand in \
      [brackets] elsewhere; a bar parts tokens.

        orchestrate preview ./models/tiny-base tickets.jsonl
        orchestrate preview ./models/tiny-base tickets.jsonl --rows 20 --json
      """)

  @Argument(help: "A model folder.")
  var model: String

  @Argument(help: "A .jsonl file.")
  var file: String

  @Option(help: "How many rows to show.")
  var rows = 5

  @Option(
    help: "A chat template by name (chatml, llama3, …) or Jinja source, for models without one.")
  var chatTemplate: String?

  @Option(help: "Whose turns are trained: roles separated by commas.")
  var rolesToTrain = "assistant"

  @Flag(help: "Train on everything, prompts too.")
  var trainOnInputs = false

  @Flag(help: "Print one JSON line per row: ids, labels and tokens.")
  var json = false

  func validate() throws {
    guard rows > 0 else { throw ValidationError("--rows is \(rows), expected at least 1") }
    for name in rolesToTrain.split(separator: ",") where Message.Role(rawValue: String(name)) == nil
    {
      let known = Message.Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(SafeText.escaped(String(name)))' is no role; known: \(known)")
    }
  }

  func run() throws {
    let tree = try ModelOptions.tree(model)
    let tokenizer = try ModelText.tokenizer(in: tree)
    let template =
      try chatTemplate.map { try BuiltinTemplate.template($0) } ?? ModelText.template(in: tree)
    let builder = ExampleBuilder(
      tokenizer: tokenizer, template: template, trainOnInputs: trainOnInputs,
      rolesToTrain: rolesToTrain.split(separator: ",").compactMap {
        Message.Role(rawValue: String($0))
      })
    for finding in try builder.selfTest() {
      Console.errors.line("\(finding.severity.rawValue)[\(finding.code)]: \(finding.message)")
    }
    let view = PreviewView(tokenizer: tokenizer, usesColor: Console.output.usesColor)
    for (number, row) in try RowsFile.rows(file, limit: rows).enumerated() {
      if case .preference = row.content {
        let pair = try builder.preference(row)
        Console.output.line(json ? view.json(pair) : view.text(pair, number: number + 1))
      } else {
        let example = try builder.example(row)
        Console.output.line(json ? view.json(example) : view.text(example, number: number + 1))
      }
    }
  }
}
