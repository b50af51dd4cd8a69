import ArgumentParser
import Diagnostics
import Documents
import Foundation
import Generation
import Tokenization

/// `orchestrate score MODEL FILE`: how likely a model finds a text.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Measures how well a model predicts a text: mean NLL and perplexity.",
    discussion: """
      FILE is plain text, or JSON lines whose column --field holds one text per row. Every token but \
      the first is predicted; a text longer than the model's context is scored in windows of it. The \
      weights of a quantized GGUF file are dequantized for it, and nothing else is rounded.

        orchestrate score ./model story.txt
        orchestrate score ./model --text "Once upon a time" --json
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var device: DeviceOptions

  @Argument(help: "A .jsonl file or a text file.")
  var file: String?

  @Option(help: "A text instead of a file; may be given several times.")
  var text: [String] = []

  @Option(help: "The column of a .jsonl row that holds the text.")
  var field = "text"

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "With --json: the ids of every text, and the log-probability of each but the first.")
  var tokens = false

  func validate() throws {
    if tokens, !json { throw ValidationError("--tokens needs --json") }
    if (file == nil) == text.isEmpty {
      throw ValidationError("expected a file or --text, found \(file == nil ? "none" : "both")")
    }
  }

  func run() throws {
    let texts = try file.map(texts) ?? text
    let opened = try options.open(on: device)
    let scorer = CompletionScorer(model: opened.model)
    var total = 0.0
    var count = 0
    var rows: [JSONValue] = []
    for text in texts {
      let ids = opened.tokenizer.encode(text, addSpecialTokens: true, parseSpecial: false)
      let values = scorer.logProbabilities(ofText: ids)
      for value in values {
        total -= Double(value)
        count += 1
      }
      if tokens {
        rows.append(
          .object([
            "ids": .array(ids.map { .integer(Int64($0)) }),
            "log_probabilities": .array(values.map { .number(Double($0)) }),
          ]))
      }
    }
    if count == 0 {
      throw Diagnostic(
        "score.nothing", "there is no token to predict, expected a text of at least 2 tokens"
      ).failure(.badInput)
    }
    let mean = total / Double(count)
    let perplexity = exp(mean)
    if json {
      let members = [
        JSONMember("mean_nll", .number(mean)), JSONMember("perplexity", .number(perplexity)),
        JSONMember("tokens", .integer(Int64(count))),
        JSONMember("texts", .integer(Int64(texts.count))),
      ]
      let more = tokens ? [JSONMember("rows", .array(rows))] : []
      Console.output.line(JSONWriter.compact(.object(members + more)))
    } else {
      let places = { (value: Double, format: String) in String(format: format, value) }
      Console.output.line(
        "mean NLL \(places(mean, "%.6f"))  perplexity \(places(perplexity, "%.4f"))  "
          + "tokens \(count)")
    }
  }

  private func texts(_ file: String) throws -> [String] {
    let shown = SafeText.escaped(file, limit: 300)
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Diagnostic("io.no-file", "there is no readable file '\(shown)'").failure(.badInput)
    }
    guard file.hasSuffix(".jsonl") || file.hasSuffix(".ndjson") else {
      guard let text = String(data: data, encoding: .utf8) else {
        throw Diagnostic("text.not-utf8", "'\(shown)' is not UTF-8").failure(.badInput)
      }
      return [text]
    }
    return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
      let row = try JSONReader.parse(Array(line), file: file, line: index + 1)
      guard let text = row[field]?.stringValue else {
        throw Diagnostic(
          "score.no-text",
          "row \(index + 1) of '\(shown)' has no string '\(SafeText.escaped(field))'",
          fix: "name the column that holds the text with --field"
        ).failure(.badInput)
      }
      return text
    }
  }
}
