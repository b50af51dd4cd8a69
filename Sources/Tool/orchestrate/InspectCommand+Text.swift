import Diagnostics
import Documents
import Foundation
import Planning
import Tokenization

extension InspectCommand {
  /// A chat template: what it makes of a short conversation.
  func template() throws {
    let bytes = try HostFile.bytes(file, limit: 16 << 20)
    let template = try ChatTemplate(bytes: bytes, file: file)
    func message(_ role: JSONValue, _ content: JSONValue) -> JSONValue {
      .object(["role": role, "content": content])
    }
    let text = try template.render(
      variables: .object([
        "messages": .array([
          message("user", "Hello!"), message("assistant", "Hi."), message("user", "How are you?"),
        ]), "tools": .null, "documents": .null, "add_generation_prompt": true,
        "bos_token": "<bos>", "eos_token": "<eos>",
      ]))
    if json {
      Console.output.line(
        JSONWriter.compact(.object(["kind": "template", "rendered": .string(text)])))
    } else {
      // Line ends and tabs stay, what could steer a terminal does not.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      Console.output.line(
        lines.map { SafeText.escaped(String($0), limit: 100_000) }.joined(separator: "\n"))
    }
  }

  /// Whether a JSON file is a tokenizer: by its name, its folder's, or the parts of one.
  func looksLikeTokenizer(_ bytes: [UInt8]) -> Bool {
    let parts = file.split(separator: "/").map { $0.lowercased() }
    let isNamed =
      parts.last.map { $0.hasPrefix("tokenizer") && !$0.hasPrefix("tokenizer_config") } ?? false
    if isNamed || parts.dropLast().last == "tokenizer" { return true }
    guard let value = try? JSONReader.parse(bytes, file: file) else { return false }
    return value["model"]?["vocab"] != nil && value["added_tokens"] != nil
  }
}
