import Documents
import Foundation
import Tokenization

/// Ids and their decoding of many texts, for comparison with other programs: a line
/// `{"ids": […], "text": …}` for every line of a file of JSON strings.
enum EncodeLines {
  static func run(_ options: FormatsOptions) throws {
    let tokenizer = try TokenizerSource.load(options.path(0, "a tokenizer"))
    let path = try options.path(1, "a file of texts")
    let special = options.flags.contains("--special")
    let parses = !options.flags.contains("--plain")
    var out = Data()
    for (index, line) in try TokenizerSource.bytes(path).split(separator: 0x0A).enumerated() {
      let value = try JSONReader.parse(Array(line), file: path, line: index + 1)
      let ids = tokenizer.encode(
        value.stringValue ?? "", addSpecialTokens: special, parseSpecial: parses)
      let row = JSONValue.object([
        "ids": .array(ids.map { .integer(Int64($0)) }),
        "text": .string(tokenizer.decode(ids, skipSpecialTokens: false)),
      ])
      out += Data((JSONWriter.compact(row) + "\n").utf8)
    }
    FileHandle.standardOutput.write(out)
  }
}
