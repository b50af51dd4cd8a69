import Diagnostics
import Documents
import ModelFiles
import Tokenization

extension InspectCommand {
  /// A tokenizer.json, read as for use: its model, its steps, its control tokens, and what it
  /// makes of a text.
  func tokenizer(_ bytes: [UInt8]) throws {
    let tokenizer = try Tokenizer(bytes: bytes, configuration: nil, file: file)
    let json = try JSONReader.parse(bytes, file: file)
    let layout = tokenizer.layout
    let control = (0..<Int32(tokenizer.vocabularySize)).filter(tokenizer.isSpecial)
    var fields = [
      JSONMember("model", .string(tokenizer.modelName)),
      JSONMember("vocab_size", .integer(Int64(tokenizer.vocabularySize))),
    ]
    if !layout.merges.isEmpty {
      fields.append(JSONMember("merges", .integer(Int64(layout.merges.count))))
    }
    for key in ["normalizer", "pre_tokenizer", "post_processor", "decoder"] {
      fields.append(JSONMember(key, .string(Self.steps(json[key]))))
    }
    fields.append(
      JSONMember("special_tokens", .array(control.compactMap(tokenizer.token).map { .string($0) })))
    fields.append(
      JSONMember(
        "llama.cpp pre-tokenizer", .string(layout.preTokenizer ?? "none that splits alike")))
    let ids = tokenizer.encode(Self.probe, addSpecialTokens: true, parseSpecial: true)
    fields.append(JSONMember("probe_ids", .array(ids.map { .integer(Int64($0)) })))
    fields.append(
      JSONMember("probe_decoded", .string(tokenizer.decode(ids, skipSpecialTokens: true))))
    show(ModelFileView(title: "tokenizer", fields: fields, tensors: []))
  }

  /// Letters, digits, blanks, a line end, and characters of two, three and four bytes.
  private static let probe = "Hello, world! 123\n  na\u{EF}ve \u{65E5}\u{672C} \u{1F600} ababab"

  /// The types of a part: `Sequence(NFC, Replace)`.
  private static func steps(_ part: JSONValue?) -> String {
    guard let part, let type = part["type"]?.stringValue else { return "none" }
    for key in ["normalizers", "pretokenizers", "processors", "decoders"] {
      if let inner = part[key]?.arrayValue {
        return "\(type)(\(inner.map(steps).joined(separator: ", ")))"
      }
    }
    return type
  }
}
