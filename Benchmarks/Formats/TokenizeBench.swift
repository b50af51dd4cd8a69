import Foundation
import Parallelism
import Tokenization

/// Encoding speed in MB/s of UTF-8 text, in documents of about 4 kB; the best of some rounds.
struct TokenizeBench {
  private let documents: [String]
  private let megabytes: Double
  private let tokenizer: Tokenizer
  private let name: String
  private let options: FormatsOptions

  init(_ options: FormatsOptions) throws {
    self.options = options
    let text = String(
      decoding: try TokenizerSource.bytes(options.path(0, "a corpus")), as: UTF8.self)
    megabytes = Double(text.utf8.count) * 1e-6
    documents = Self.documents(text)
    name = try options.path(1, "a tokenizer")
    tokenizer = try TokenizerSource.load(name)
  }

  func run() {
    let pool = ThreadPool(threads: options.threads)
    var best = Double.infinity
    var tokens = 0
    for _ in 0..<options.repeats {
      let clock = ContinuousClock()
      let time = clock.measure { tokens = count(pool) } / .seconds(1)
      best = min(best, time)
    }
    print(
      "orchestrate \(Self.short(name)): \(options.threads) threads "
        + String(format: "%.2f MB/s; ", megabytes / best) + "\(tokens) tokens")
  }

  private func count(_ pool: ThreadPool) -> Int {
    let tokenizer = tokenizer
    if options.threads == 1 {
      return documents.reduce(0) {
        $0 + tokenizer.encode($1, addSpecialTokens: false, parseSpecial: true).count
      }
    }
    let counts = try? pool.map(documents) {
      tokenizer.encode($0, addSpecialTokens: false, parseSpecial: true).count
    }
    return (counts ?? []).reduce(0, +)
  }

  /// Lines until more than 4,000 characters are together.
  private static func documents(_ text: String) -> [String] {
    var documents: [String] = []
    var bytes: [UInt8] = []
    var characters = 0
    for byte in text.utf8 {
      bytes.append(byte)
      characters += byte & 0xC0 == 0x80 ? 0 : 1
      if byte == 0x0A, characters > 4_000 {
        documents.append(String(decoding: bytes, as: UTF8.self))
        (bytes, characters) = ([], 0)
      }
    }
    return documents + [String(decoding: bytes, as: UTF8.self)]
  }

  static func load(_ options: FormatsOptions) throws {
    let path = try options.path(0, "a tokenizer")
    var best = Double.infinity
    var size = 0
    for _ in 0..<options.repeats {
      let clock = ContinuousClock()
      let time = try clock.measure { size = try TokenizerSource.load(path).vocabularySize }
      best = min(best, time / .milliseconds(1))
    }
    print("orchestrate \(short(path)): load \(String(format: "%.0f", best)) ms; \(size) tokens")
  }

  /// The folder's name for `…/NAME/tokenizer.json`.
  private static func short(_ path: String) -> String {
    let url = URL(fileURLWithPath: path)
    return url.lastPathComponent == "tokenizer.json"
      ? url.deletingLastPathComponent().lastPathComponent : url.lastPathComponent
  }
}
