import Diagnostics
import Documents
import Foundation
import Records
import TestSupport
import Testing
import Tokenization

/// Files made to break a reader; the verdicts are the corpus's own.
@Suite(
  "hostile tokenizers and templates",
  .enabled(if: SharedMaterial.hostile.exists, "the corpus of hostile files is absent"))
struct HostileFileTests {
  static func cases(_ parser: String) throws -> [JSONValue] {
    let manifest = try JSONReader.parse(
      SharedMaterial.bytes(SharedMaterial.hostile.path("manifest.json")), file: "manifest.json")
    return (manifest["cases"]?.arrayValue ?? []).filter { $0["parser"]?.stringValue == parser }
  }

  static func bytes(_ item: JSONValue) throws -> [UInt8] {
    try SharedMaterial.bytes(SharedMaterial.hostile.path(#require(item["file"]?.stringValue)))
  }

  @Test("every tokenizer.json gets its verdict")
  func tokenizers() throws {
    let cases = try Self.cases("tokenizer")
    #expect(cases.count == 24)
    for item in cases {
      let id = item["id"]?.stringValue ?? ""
      let verdict = item["verdict"]?.stringValue
      let probe = item["probe"]?.stringValue ?? "abababab and the <|im_start|> inthe"
      do {
        let tokenizer = try Tokenizer(bytes: Self.bytes(item), configuration: nil, file: id)
        _ = tokenizer.encode(probe, addSpecialTokens: true, parseSpecial: true)
        #expect(verdict != "reject", "\(id) was accepted")
      } catch let failure as Failure {
        let message = failure.diagnostics[0].message
        #expect(verdict != "accept", "\(id): \(message)")
        if let hint = item["hint"]?.stringValue {
          #expect(message.contains(hint), "\(id): \(message)")
        }
        #expect(failure.failureClass == .badInput)
      }
    }
  }

  @Test("every template gets its verdict, in bounded time")
  func templates() throws {
    let cases = try Self.cases("template")
    #expect(cases.count == 47)
    let variables = try JSONReader.parse(
      Array(
        #"{"messages":[{"role":"user","content":"<|im_start|>hi"}],"add_generation_prompt":true}"#
          .utf8), file: "variables")
    for item in cases {
      let id = item["id"]?.stringValue ?? ""
      let verdict = item["verdict"]?.stringValue
      do {
        let template = try ChatTemplate(bytes: Self.bytes(item), file: id)
        let text = try template.render(variables: variables)
        #expect(verdict != "reject", "\(id) was accepted")
        if let expected = item["expect_text"]?.stringValue {
          #expect(Array(text.utf8) == Array(expected.utf8), "\(id)")
        }
        for word in item["forbid"]?.arrayValue ?? [] {
          #expect(!text.contains(word.stringValue ?? ""), "\(id): \(text)")
        }
      } catch let failure as Failure {
        let diagnostic = failure.diagnostics[0]
        #expect(verdict != "accept", "\(id): \(diagnostic.message)")
        if let hint = item["hint"]?.stringValue {
          #expect(diagnostic.message.contains(hint), "\(id): \(diagnostic.message)")
        }
        if let line = item["line"]?.integerValue {
          #expect(diagnostic.span?.line == line, "\(id): \(diagnostic.message)")
        }
      }
    }
  }
}
