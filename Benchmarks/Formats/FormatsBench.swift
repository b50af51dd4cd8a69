import Foundation

/// Speed of the file formats, one case per command; `Scripts/bench-tokenizers.sh` and
/// `Scripts/bench-templates.sh` set the numbers beside those of their peers.
@main
enum FormatsBench {
  static let usage = """
    usage: formats-bench tokenize CORPUS TOKENIZER [--threads N] [--repeat N]
           formats-bench load TOKENIZER [--repeat N]
           formats-bench encode TOKENIZER TEXTS.jsonl [--special] [--plain]
           formats-bench templates FOLDER
           formats-bench render < CASES
           formats-bench train bpe|unigram CORPUS SIZE OUT.json [--threads N] [--byte-fallback]
    TOKENIZER is a tokenizer.json, or a GGUF file whose arrays are used as llama.cpp uses them.
    """

  static func main() {
    do {
      let options = try FormatsOptions(Array(CommandLine.arguments.dropFirst()))
      switch options.command {
      case "tokenize": try TokenizeBench(options).run()
      case "load": try TokenizeBench.load(options)
      case "train": try TrainBench.run(options)
      case "encode": try EncodeLines.run(options)
      case "templates": try templateBench(folder: options.path(0, "a folder of templates"))
      case "render": try renderCases()
      default: throw FormatsOptions.Problem(message: usage)
      }
    } catch {
      FileHandle.standardError.write(Data("formats-bench: \(error)\n".utf8))
      exit(64)
    }
  }
}
