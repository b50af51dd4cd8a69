/// A tokenizer.json whose tokens are `<s>` (0), `</s>` (1), the 256 bytes (2 to 257) in their order,
/// and merged pieces after them.
package enum ByteTokenizerFile {
  /// - Parameters:
  ///   - pieces: each made of two tokens that come before it: single bytes or earlier pieces.
  ///   - addsBOS: whether special tokens put `<s>` before a text.
  package static func bytes(
    pieces: [(String, String)] = [], addsBOS: Bool = true
  ) -> [UInt8] {
    var vocabulary = ["<s>", "</s>"]
    vocabulary += (0...255 as ClosedRange<UInt8>).map { String(character($0)) }
    vocabulary += pieces.map { spelled($0.0) + spelled($0.1) }
    let entries = vocabulary.enumerated().map { "\(quoted($0.element)): \($0.offset)" }
    let merges = pieces.map { "[\(quoted(spelled($0.0))), \(quoted(spelled($0.1)))]" }
    func added(_ id: Int, _ content: String) -> String {
      "{\"id\": \(id), \"content\": \"\(content)\", \"single_word\": false, \"lstrip\": false, "
        + "\"rstrip\": false, \"normalized\": false, \"special\": true}"
    }
    let template =
      "{\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"<s>\", "
      + "\"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}], \"pair\": [], "
      + "\"special_tokens\": {\"<s>\": {\"id\": \"<s>\", \"ids\": [0], \"tokens\": [\"<s>\"]}}}"
    let json =
      "{\"version\": \"1.0\", \"added_tokens\": [\(added(0, "<s>")), \(added(1, "</s>"))], "
      + "\"normalizer\": null, \"pre_tokenizer\": {\"type\": \"ByteLevel\", "
      + "\"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}, "
      + "\"post_processor\": \(addsBOS ? template : "null"), \"decoder\": {\"type\": \"ByteLevel\", "
      + "\"add_prefix_space\": true, \"trim_offsets\": true, \"use_regex\": true}, "
      + "\"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null, "
      + "\"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, \"fuse_unk\": false, "
      + "\"byte_fallback\": false, \"vocab\": {\(entries.joined(separator: ", "))}, "
      + "\"merges\": [\(merges.joined(separator: ", "))]}}"
    return Array(json.utf8)
  }

  /// What names the roles of the special tokens.
  package static let configuration = Array(
    "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}".utf8)

  /// The ids of a text without pieces or special tokens.
  package static func ids(_ text: String) -> [Int32] { text.utf8.map { Int32($0) + 2 } }

  private static func spelled(_ text: String) -> String {
    text.utf8.reduce(into: "") { $0.append(character($1)) }
  }

  /// GPT-2's printable character for a byte.
  private static func character(_ byte: UInt8) -> Character {
    func isPrintable(_ value: UInt8) -> Bool {
      (33...126).contains(value) || (161...172).contains(value) || value >= 174
    }
    if isPrintable(byte) { return Character(Unicode.Scalar(byte)) }
    let before = (0..<byte).count { !isPrintable($0) }
    return Character(Unicode.Scalar(UInt32(256 + before)) ?? " ")
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.reduce(into: "") { result, character in
      if character == "\"" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return "\"" + escaped + "\""
  }
}
