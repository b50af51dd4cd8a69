import Artifacts
import Foundation
import TestSupport
import Testing

@Suite struct ContentSearchTests {
  private static func matches(_ texts: [String], _ rows: Set<String> = [], _ content: String)
    -> Bool
  {
    ContentSearch(texts, rows: rows).matches(Array(content.utf8)[...])
  }

  @Test("a text is found in any ASCII case, as JSON writes it, and nowhere else")
  func texts() {
    #expect(Self.matches(["ann@example.com"], [], "write to Ann@Example.com, please"))
    #expect(Self.matches(["x", "ann"], [], "ann"))
    #expect(!Self.matches(["ann@example.com"], [], "ann@example.co"))
    #expect(!Self.matches(["ann@example.com"], [], ""))
    #expect(Self.matches(["say \"hi\""], [], #"{"text":"say \"hi\""}"#))
    #expect(Self.matches(["a/b"], [], #"{"text":"A\/B"}"#))
    #expect(Self.matches(["Zoë"], [], "zoë"))
    #expect(!Self.matches(["Zoë"], [], "zoe"))
  }

  @Test("a row is found by its hash, alone or with an ordinal, and not inside a longer number")
  func rows() {
    let hash = String(repeating: "0123456789abcdef", count: 2)
    #expect(Self.matches(["nowhere"], [hash], "{\"id\":\"\(hash)\"}"))
    #expect(Self.matches(["nowhere"], [hash], "{\"was\":\"\(hash)-3\"}"))
    #expect(!Self.matches(["nowhere"], [hash], "\"\(hash)ab\""))
    #expect(!Self.matches(["nowhere"], [], "\"\(hash)\""))
  }

  @Test("a file is read in blocks, and a text across their border is found")
  func blocks() throws {
    let folder = try TemporaryFolder()
    // What is looked at together is a block and what may begin a text before it: 33 bytes here.
    let borders = [1 << 20, (1 << 20) + 33, (2 << 20) + 33]
    for offset in [0, (3 << 20) + 7] + borders.flatMap({ [$0 - 5, $0 - 3, $0 - 1, $0] }) {
      let filler = String(repeating: "-", count: offset)
      try folder.write("f", filler + "needle" + "---")
      #expect(try ContentSearch(["needle"]).matches(file: folder.path + "/f"))
      #expect(try !ContentSearch(["needles"]).matches(file: folder.path + "/f"))
    }
  }
}
