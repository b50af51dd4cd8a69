import Documents
import Foundation
import Records
import TestSupport
import Testing
import Tokenization

/// Where answers lie in what published templates render.
@Suite(
  "spans of published templates",
  .enabled(if: SharedMaterial.formats.exists, "the folder of formats is absent"))
struct TemplateSpanTests {
  /// A tokenizer of bytes that knows whatever a template's text seems to use as control tokens.
  static func tokenizer(_ source: String) throws -> Tokenizer {
    var specials = ["<s>", "</s>"]
    for pattern in [
      #"<[|｜][^<>'"{}\s]{1,40}[|｜]>"#, #"</?[a-z_]*turn[a-z_|]*>"#, #"\[/?[A-Z_]{3,30}\]"#,
      #"<SPECIAL_[0-9]+>"#, #"\[e~\["#, #"</assistant>"#,
    ] {
      let expression = try NSRegularExpression(pattern: pattern)
      let range = NSRange(source.startIndex..., in: source)
      for match in expression.matches(in: source, range: range) {
        guard let place = Range(match.range, in: source) else { continue }
        let text = String(source[place])
        if !specials.contains(text) { specials.append(text) }
      }
    }
    var next: UInt32 = 256
    let alphabet = (UInt32(0)..<256).map { byte -> String in
      let isPrintable = (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
      defer { if !isPrintable { next += 1 } }
      return String(Character(Unicode.Scalar(isPrintable ? byte : next) ?? "?"))
    }
    let json: JSONValue = .object([
      "version": "1.0",
      "added_tokens": .array(
        specials.enumerated().map { index, text in
          .object([
            "id": .integer(Int64(256 + index)), "content": .string(text), "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false, "special": true,
          ])
        }),
      "normalizer": .null,
      "pre_tokenizer": .object([
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false,
      ]),
      "post_processor": .null, "decoder": .object(["type": "ByteLevel"]),
      "model": .object([
        "type": "BPE", "unk_token": .null, "byte_fallback": false, "ignore_merges": false,
        "vocab": .object(
          alphabet.enumerated().map { JSONMember($0.element, .integer(Int64($0.offset))) }),
        "merges": .array([]),
      ]),
    ])
    return try Tokenizer(
      json: json,
      configuration: .object(["bos_token": "<s>", "eos_token": "</s>"]), file: "tokenizer.json")
  }

  static let conversation = [
    Message(.user, "Quince seventeen?"), Message(.assistant, "Marmalade eleven."),
    Message(.user, "Walnut forty?"), Message(.assistant, "Saffron two."),
  ]

  static func toolConversation() -> [Message] {
    var call = Message(.assistant, "Let me look.")
    let function: JSONValue = .object([
      "name": "get_weather", "arguments": .object(["city": "Zanzibar"]),
    ])
    call.extra = [
      JSONMember(
        "tool_calls",
        .array([.object(["id": "call00001", "type": "function", "function": function])]))
    ]
    var result = Message(.tool, "thirty degrees")
    result.extra = [
      JSONMember("tool_call_id", "call00001"), JSONMember("name", "get_weather"),
    ]
    return [Message(.user, "Weather?"), call, result, Message(.assistant, "It is hot.")]
  }

  static func template(_ name: String) throws -> ChatTemplate {
    try ChatTemplate(
      bytes: SharedMaterial.bytes(
        SharedMaterial.formats.path("chat-templates/templates/\(name)")), file: name,
      date: TemplateDate(year: 2025, month: 3, day: 9, hour: 14, minute: 5, second: 7))
  }

  @Test("an answer is its text and its end-of-turn token", arguments: ChatTemplateTests.names)
  func answers(_ name: String) throws {
    let template = try Self.template(name)
    let tokenizer = try Self.tokenizer(template.source)
    guard
      let chat = try? template.render(
        Self.conversation, tools: nil, addGenerationPrompt: false, tokenizer: tokenizer)
    else { return }  // Refuses plain conversations without its own variables.
    let bytes = Array(chat.text.utf8)
    let spans = chat.assistantSpans.map { String(decoding: bytes[$0], as: UTF8.self) }
    #expect(spans.count == 2, "\(name): \(spans)")
    for (span, message) in zip(spans, [Self.conversation[1], Self.conversation[3]]) {
      #expect(span.contains(message.content), "\(name): \(span)")
      for other in Self.conversation where other.content != message.content {
        #expect(!span.contains(other.content), "\(name): \(span)")
      }
      let last = tokenizer.encode(span, addSpecialTokens: false, parseSpecial: true).last
      let ends = last.map { tokenizer.isSpecial($0) } ?? false
      // Some formats end turns with text: a line, or the next turn's first words.
      if !ends {
        #expect(
          span.hasSuffix(message.content) || template.source.contains("endgeneration"),
          "\(name): \(span)")
      }
    }
  }

  @Test("calls of tools belong to the answer, results do not", arguments: ChatTemplateTests.names)
  func toolCalls(_ name: String) throws {
    let template = try Self.template(name)
    let tokenizer = try Self.tokenizer(template.source)
    let messages = Self.toolConversation()
    guard
      let chat = try? template.render(
        messages, tools: nil, addGenerationPrompt: false, tokenizer: tokenizer)
    else { return }
    let bytes = Array(chat.text.utf8)
    let spans = chat.assistantSpans.map { String(decoding: bytes[$0], as: UTF8.self) }
    if chat.text.contains("Zanzibar") {
      #expect(spans.contains { $0.contains("Zanzibar") }, "\(name): \(spans)")
    }
    for span in spans { #expect(!span.contains("thirty degrees"), "\(name): \(span)") }
    #expect(spans.contains { $0.contains("It is hot.") }, "\(name): \(spans)")
  }
}
