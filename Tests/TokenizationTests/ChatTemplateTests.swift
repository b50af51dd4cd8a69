import Diagnostics
import Documents
import Foundation
import Records
import TestSupport
import Testing
import Tokenization

/// Real chat templates; the expectations are jinja2's, set up as transformers does.
@Suite(
  "chat templates",
  .enabled(if: SharedMaterial.formats.exists, "the folder of format cases is absent"))
struct ChatTemplateTests {
  static let names: [String] = {
    let folder = SharedMaterial.formats.path("chat-templates/templates")
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }()

  @Test("renderings and refusals are those of jinja2", arguments: names)
  func renderings(_ name: String) throws {
    let inputs = try JSONReader.parse(
      SharedMaterial.bytes(SharedMaterial.formats.path("chat-templates/conversations.json")),
      file: "conversations.json")
    let template = try ChatTemplate(
      bytes: SharedMaterial.bytes(
        SharedMaterial.formats.path("chat-templates/templates/\(name)")),
      file: name,
      date: TemplateDate(year: 2025, month: 3, day: 9, hour: 14, minute: 5, second: 7))
    var count = 0
    for line in try VocabularyTests.lines("chat-templates/expected.jsonl")
    where line["template"]?.stringValue == name {
      let conversation = try #require(line["conversation"]?.stringValue)
      let found = Result {
        try template.render(variables: Self.variables(inputs, conversation))
      }
      check(found, line, "\(name) \(conversation)")
      count += 1
    }
    #expect(count == 11)
  }

  private func check(_ found: Result<String, any Error>, _ line: JSONValue, _ place: String) {
    switch found {
    case .success(let text):
      #expect(line["error"] == nil, "\(place) should fail: \(line["message"]?.stringValue ?? "")")
      if let output = line["output"]?.stringValue {
        #expect(Array(text.utf8) == Array(output.utf8), "\(place)")
      }
    case .failure(let error):
      let diagnostic = (error as? Failure)?.diagnostics.first
      #expect(line["error"] != nil, "\(place): \(diagnostic?.message ?? "\(error)")")
      if line["error"]?.stringValue == "raise_exception" {
        #expect(diagnostic?.code == "template.raised")
        #expect(diagnostic?.message == line["message"]?.stringValue, "\(place)")
      }
    }
  }

  static func variables(_ inputs: JSONValue, _ conversation: String) -> JSONValue {
    var members = inputs["tokens"]?.objectValue ?? []
    let given = inputs["conversations"]?[conversation]?.objectValue ?? []
    for name in ["tools", "documents"] where !given.contains(where: { $0.key == name }) {
      members.append(JSONMember(name, .null))
    }
    return .object(members + given)
  }
}
