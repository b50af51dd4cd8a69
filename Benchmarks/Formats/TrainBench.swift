import Documents
import Foundation
import Parallelism
import Tokenization

/// Trains a tokenizer on the lines of a text and writes it, to compare with other trainers.
enum TrainBench {
  static func run(_ options: FormatsOptions) throws {
    let text = String(
      decoding: try TokenizerSource.bytes(options.path(1, "a corpus")), as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    guard let size = Int(try options.path(2, "a size")) else {
      throw FormatsOptions.Problem(message: "the size is no number")
    }
    let pool = ThreadPool(threads: options.threads)
    let clock = ContinuousClock()
    var json = JSONValue.null
    let time = try clock.measure {
      switch try options.path(0, "bpe or unigram") {
      case "bpe":
        json = BPETrainer.train(
          lines, vocabularySize: size, specialTokens: ["<s>"], pool: pool, minimumFrequency: 2)
      case "unigram":
        json = try UnigramTrainer.train(
          lines, vocabularySize: size, specialTokens: ["<s>"], pool: pool,
          byteFallback: options.flags.contains("--byte-fallback"))
      case let other: throw FormatsOptions.Problem(message: "no trainer '\(other)'")
      }
    }
    let path = try options.path(3, "an output file")
    try Data(JSONWriter.compact(json).utf8).write(to: URL(fileURLWithPath: path))
    print("orchestrate: \(String(format: "%.2f", time / .seconds(1))) s")
  }
}
