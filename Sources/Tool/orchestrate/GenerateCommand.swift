import ArgumentParser
import Diagnostics
import Documents
import Generation
import Records
import Tokenization

/// `orchestrate generate MODEL --prompt TEXT`: what a model writes.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Lets a model continue prompts or answer messages.",
    discussion: """
      Greedy unless --temperature is above 0; the same prompt, seed and settings give the same text, \
      whatever is generated beside it.

      Of a quantized GGUF file the weights stay as they are stored; what they are multiplied with is \
      rounded to 8 bits, as llama.cpp does.

        orchestrate generate ./model --prompt "Once upon a time"
        orchestrate generate model-Q4_K_M.gguf --prompt "Once upon a time"
        orchestrate generate ./model --chat --prompt "My parcel is late." --json
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var device: DeviceOptions

  @Option(help: "The text to continue; may be given several times.")
  var prompt: [String]

  @Flag(help: "Each prompt is a user's message, rendered by the model's chat template.")
  var chat = false

  @Option(help: "The system message of --chat.")
  var system: String?

  @Flag(help: "Control tokens in a prompt become their ids instead of text.")
  var parseSpecial = false

  @Option(help: "The longest text, in tokens.")
  var maxNewTokens = 256

  @Option(help: "0 takes the likeliest token; above, tokens are drawn.")
  var temperature = 0.0

  @Option(help: "Draw from the K likeliest tokens; 0 for all.")
  var topK = 0

  @Option(help: "Draw from the likeliest tokens that together have this probability.")
  var topP = 1.0

  @Option(help: "What drawing depends on.")
  var seed: UInt64 = 0

  @Option(help: "A text ends before this string; may be given several times.")
  var stop: [String] = []

  @Flag(help: "Prints one JSON line per prompt: ids, text, finish, gaps of the two best logits.")
  var json = false

  @Flag(help: "With --json: the logits that each token was chosen by.")
  var logits = false

  func validate() throws {
    if maxNewTokens < 1 {
      throw ValidationError("--max-new-tokens is \(maxNewTokens), expected at least 1")
    }
    if !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature is \(temperature), expected 0 or more")
    }
    if topK < 0 { throw ValidationError("--top-k is \(topK), expected 0 or more") }
    if !(topP > 0 && topP <= 1) {
      throw ValidationError("--top-p is \(topP), expected above 0, at most 1")
    }
    if logits, !json { throw ValidationError("--logits needs --json") }
    if system != nil, !chat { throw ValidationError("--system needs --chat") }
  }

  func run() throws {
    let opened = try options.open(on: device)
    let prompts = try prompt.map { text in
      chat
        ? try opened.examples.promptIDs(
          (system.map { [Message(.system, $0)] } ?? []) + [Message(.user, text)])
        : opened.tokenizer.encode(text, addSpecialTokens: true, parseSpecial: parseSpecial)
    }
    var settings = SamplingSettings(
      maxNewTokens: maxNewTokens, temperature: temperature, topK: topK, topP: topP, seed: seed,
      stopTokenIDs: opened.stopTokenIDs, stopStrings: stop)
    settings.keepsLogits = logits
    let texts = try Generator(model: opened.model, tokenizer: opened.tokenizer)
      .generate(prompts, settings)
    for (index, text) in texts.enumerated() {
      if json {
        Console.output.line(JSONWriter.compact(Self.json(prompt[index], prompts[index], text)))
      } else {
        if texts.count > 1, index > 0 { Console.output.line("") }
        Console.output.line(text.text)
      }
    }
  }

  private static func json(_ prompt: String, _ ids: [Int32], _ text: Generated) -> JSONValue {
    func numbers(_ values: [Float]) -> JSONValue { .array(values.map { .number(Double($0)) }) }
    var members = [
      JSONMember("prompt", .string(prompt)),
      JSONMember("prompt_ids", .array(ids.map { .integer(Int64($0)) })),
      JSONMember("text", .string(text.text)),
      JSONMember("ids", .array(text.ids.map { .integer(Int64($0)) })),
      JSONMember("finish", .string(text.finish.rawValue)),
      JSONMember("top_gaps", numbers(text.topGaps)),
    ]
    if !text.logits.isEmpty {
      members.append(JSONMember("logits", .array(text.logits.map(numbers))))
    }
    return .object(members)
  }
}
