internal import Diagnostics
internal import Documents
internal import Patterns

/// How likely pages of Wikipedia are (Merity et al. 2016), per word, byte and bit.
enum Wikitext {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "wikitext", .rollingLikelihood, "EleutherAI/wikitext_document_level", "wikitext-2-raw-v1",
      test: "test", fields: ["page"], version: 2)
    task.text = .builtin("")
    task.target = .native(readable)
    task.scoring = .wikitextPage
    task.measure("word_perplexity", "byte_perplexity", "bits_per_byte")
    return task
  }()

  /// The page without the spaces that the corpus was tokenized with; words and bytes are counted
  /// before that.
  @Sendable static func readable(_ document: JSONValue) throws -> JSONValue {
    guard var text = document["page"]?.stringValue else {
      throw Diagnostic("task.no-field", "task 'wikitext': the document has no field 'page'")
        .failure(.badInput)
    }
    func replace(_ pairs: [(String, String)]) {
      for (old, new) in pairs { text = PythonText.replacing(text, old, new) }
    }
    replace([("s '", "s'")])
    // What the harness' expression for this, `/' [0-9]/`, matches is replaced by its own text.
    text = slashedDigit.replacing(in: text) { _ in "/'[0-9]/" }
    replace([(" @-@ ", "-"), (" @,@ ", ","), (" @.@ ", ".")])
    replace([
      (" : ", ": "), (" ; ", "; "), (" . ", ". "), (" ! ", "! "), (" ? ", "? "), (" , ", ", "),
    ])
    for (pattern, open, close) in enclosed {
      text = pattern.replacing(in: text) { open + ($0.text(of: 1) ?? "") + close }
    }
    replace([
      ("= = = =", "===="), ("= = =", "==="), ("= =", "=="), (" \u{B0} ", "\u{B0}"), (" \n", "\n"),
      ("\n ", "\n"), (" N ", " 1 "), (" 's", "'s"),
    ])
    return .string(text)
  }

  private static let slashedDigit = Pattern.builtin("/' [0-9]/")
  private static let enclosed: [(Pattern, String, String)] = [
    (.builtin(#"\(\s*([^\)]*?)\s*\)"#), "(", ")"), (.builtin(#"\[\s*([^\]]*?)\s*\]"#), "[", "]"),
    (.builtin(#"\{\s*([^}]*?)\s*\}"#), "{", "}"), (.builtin(#"\"\s*([^\"]*?)\s*\""#), "\"", "\""),
    (.builtin(#"'\s*([^']*?)\s*'"#), "'", "'"),
  ]
}
