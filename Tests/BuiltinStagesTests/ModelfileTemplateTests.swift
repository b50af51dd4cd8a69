import Documents
import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// The Go template of a Modelfile says what the model's own template says.
@Suite("Modelfile templates")
struct ModelfileTemplateTests {
  static let bos = "<s>"

  static func render(_ template: ChatTemplate, _ turns: [TurnTemplate.Turn], _ asks: Bool)
    -> String?
  {
    let messages = turns.map { turn in
      JSONValue.object(["role": .string(turn.role), "content": .string(turn.content)])
    }
    let variables: JSONValue = .object([
      "messages": .array(messages), "tools": .null, "documents": .null,
      "add_generation_prompt": .bool(asks), "bos_token": .string(bos), "eos_token": "</s>",
    ])
    return try? template.render(variables: variables)
  }

  static let conversations: [[TurnTemplate.Turn]] = [
    [("user", "Hello?")],
    [("system", "Be brief."), ("user", "Hello?")],
    [("user", "One"), ("assistant", "two"), ("user", "three")],
    [
      ("system", "Rules\nof two lines."), ("user", "One"), ("assistant", "two {x}"),
      ("user", "three"), ("assistant", "four"), ("user", "{{ five }} \"6\""),
    ],
  ]

  /// Whether the template is told; checks that both say the same.
  static func told(_ source: String, _ name: String) throws -> Bool {
    let template = try ChatTemplate(source: source, file: name)
    guard let turns = TurnTemplate(bos: bos, render: { render(template, $0, $1) }) else {
      return false
    }
    let file = Modelfile(from: "m.gguf", template: turns, stops: [], contextLength: 1)
    guard file.canTellTemplate else { return false }
    let text = file.text.components(separatedBy: "\"\"\"")
    let go = try GoTemplate(text[1])
    for conversation in conversations {
      guard var expected = render(template, conversation, true) else { continue }
      if conversation[0].role == "system", turns.system == nil, turns.systemInUser == nil {
        continue
      }
      if expected.hasPrefix(bos) { expected.removeFirst(bos.count) }
      let found = try go.text(conversation.map { ($0.role, $0.content) })
      #expect(found == expected, "\(name)")
    }
    return true
  }

  @Test("every built-in template is told, rules included", arguments: BuiltinTemplate.allCases)
  func builtin(_ template: BuiltinTemplate) throws {
    #expect(try Self.told(template.source, template.rawValue))
    let jinja = try ChatTemplate(source: template.source, file: "t")
    let turns = try #require(
      TurnTemplate(bos: Self.bos) { Self.render(jinja, $0, $1) })
    #expect((turns.system != nil) != (turns.systemInUser != nil))
  }

  @Test(
    "templates of published models are told alike, or not at all",
    .enabled(if: SharedMaterial.formats.exists, "the folder of formats is absent"))
  func published() throws {
    let folder = SharedMaterial.formats.path("chat-templates/templates")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    var told: [String] = []
    for name in names {
      let source = String(
        decoding: try SharedMaterial.bytes(folder + "/" + name), as: UTF8.self)
      if try Self.told(source, name) { told.append(name) }
    }
    // Of the recipe models, and whatever else has the shape.
    for name in [
      "Qwen-Qwen3-0.6B.jinja", "meta-llama-Llama-3.1-8B-Instruct.jinja",
    ] where names.contains(name) {
      #expect(told.contains(name), "\(told)")
    }
  }
}
