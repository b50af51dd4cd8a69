import Evaluation
import TestSupport
import Testing
import Tokenization

/// Tokens of requests, by the harness' rules. Letters are bytes: `a` has the id 99.
@Suite struct HarnessTokensTests {
  static func tokens(
    context: Int = 100, pieces: [(String, String)] = [], addsBOS: Bool = true,
    roles: String = "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}"
  ) throws -> HarnessTokens {
    let tokenizer = try Tokenizer(
      bytes: ByteTokenizerFile.bytes(pieces: pieces, addsBOS: addsBOS),
      configuration: Array(roles.utf8))
    return HarnessTokens(tokenizer, context: context)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var context: String
    var continuation: String
    var ids: [Int32]
    var targets: [Int32]
    var room = 100
    var isShortened = false
    var testDescription: String { "'\(context)' + '\(continuation)' in \(room)" }
  }

  /// ids: `<s>` 0, `</s>` 1, blank 34, a 99, b 100, c 101, d 102, `ab` 258.
  static let cases = [
    Case(context: "a", continuation: " b", ids: [0, 99, 34], targets: [34, 100]),
    // White space at the end of the context belongs to the continuation.
    Case(context: "a ", continuation: "b", ids: [0, 99, 34], targets: [34, 100]),
    Case(
      context: "c \u{3000}\u{1C}", continuation: "", ids: [0, 101, 34, 229, 130, 130],
      targets: [34, 229, 130, 130, 30]),
    // The context's ids are counted, not compared: `ab` is one token across the border.
    Case(context: "ca", continuation: "bd", ids: [0, 101, 258], targets: [102]),
    // What begins with BOS gets no second one.
    Case(context: "<s>c", continuation: "d", ids: [0, 101], targets: [102]),
    // Without a context, BOS stands there, unless the continuation has it.
    Case(context: "", continuation: "cd", ids: [0, 101], targets: [101, 102]),
    Case(context: "", continuation: "<s>cd", ids: [0, 101], targets: [101, 102]),
    Case(context: "c", continuation: "", ids: [0, 101], targets: []),
    // The last five tokens, of which the last is only predicted.
    Case(
      context: "ccccc", continuation: "dc", ids: [101, 101, 101, 102], targets: [102, 101],
      room: 4, isShortened: true),
    Case(
      context: "cc", continuation: "dc", ids: [0, 101, 101, 102], targets: [102, 101], room: 4),
    // A continuation that is longer than the context loses its beginning.
    Case(
      context: "c", continuation: "dcdcd", ids: [102, 101, 102, 101],
      targets: [101, 102, 101, 102], room: 4, isShortened: true),
  ]

  @Test("continuations have exact ids", arguments: cases)
  func continuation(at: Case) throws {
    let asked = try Self.tokens(context: at.room, pieces: [("a", "b")])
      .continuation(context: at.context, at.continuation)
    #expect(asked.ids == at.ids)
    #expect(asked.targets == at.targets)
    #expect(asked.isShortened == at.isShortened)
  }

  @Test("EOS is the prefix where there is no BOS; without either, the first token is the context")
  func prefixes() throws {
    let eos = try Self.tokens(addsBOS: false, roles: "{\"eos_token\": \"</s>\"}")
    #expect(eos.continuation(context: "", "cd").ids == [1, 101])
    #expect(eos.continuation(context: "c", "d").ids == [101])
    let none = try Self.tokens(addsBOS: false, roles: "{}")
    #expect(none.continuation(context: "", "cd").ids == [101])
    #expect(none.continuation(context: "", "cd").targets == [102])
    #expect(none.continuation(context: "", "").ids == [])
    #expect(none.windows("cd").map(\.targets) == [[102]])
    #expect(none.windows("") == [])
  }

  @Test("a text is cut into windows that predict every token once")
  func windows() throws {
    let windows = try Self.tokens(context: 4, addsBOS: false).windows("cdcdcdcdc")
    #expect(windows.map(\.targets) == [[101, 102, 101, 102], [101, 102, 101, 102], [101]])
    // The last window sees as much as fits.
    #expect(windows.map(\.ids.count) == [4, 4, 4])
    #expect(windows[0].ids == [0, 101, 102, 101])
    #expect(windows[1].ids == [102, 101, 102, 101])
    #expect(windows[2].ids == [101, 102, 101, 102])
    // The harness predicts the BOS that the tokenizer adds, too.
    #expect(try Self.tokens(context: 4).windows("c").map(\.targets) == [[0, 101]])
    #expect(try Self.tokens(context: 4).windows("c").map(\.ids) == [[0, 0]])
  }

  @Test("a prompt keeps its last tokens, special ones are read, BOS is not doubled")
  func prompts() throws {
    let tokens = try Self.tokens()
    #expect(tokens.prompt("cdc", room: 9).ids == [0, 101, 102, 101])
    #expect(tokens.prompt("<s>c</s>", room: 9).ids == [0, 101, 1])
    let cut = tokens.prompt("cdc", room: 2)
    #expect(cut.ids == [102, 101] && cut.isShortened)
    #expect(try Self.tokens(addsBOS: false).prompt("", room: 9).ids == [0])
  }
}
