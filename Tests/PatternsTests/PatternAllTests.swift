import Patterns
import Testing

/// What Python's `re.findall` and `re.sub` give.
@Suite struct PatternAllTests {
  @Test(
    "all matches, left to right, empty ones included",
    arguments: [
      ("a", "banana", ["a", "a", "a"]), ("x*", "axb", ["", "x", "", ""]),
      ("b|", "abc", ["", "b", "", ""]),
      (#"(\d)(\d)?"#, "1 23 é4", ["1", "23", "4"]),
      ("(?s).*#### ", "a\n#### b #### c", ["a\n#### b #### "]),
      (#"\.$"#, "1.2.", ["."]), ("^a", "aa", ["a"]), ("z", "abc", []),
      (#"\b\w+"#, "one, two", ["one", "two"]),
    ])
  func matches(_ pattern: String, _ text: String, _ found: [String]) throws {
    #expect(try Pattern(pattern).allMatches(in: text).map { $0.text(of: 0) } == found)
  }

  @Test("every match is replaced, with its groups at hand")
  func replacing() throws {
    let pattern = try Pattern(#"\(\s*([^\)]*?)\s*\)"#)
    #expect(pattern.replacing(in: "( a ) é (b )") { "(\($0.text(of: 1) ?? ""))" } == "(a) é (b)")
    #expect(pattern.replacing(in: "none") { _ in "x" } == "none")
  }
}
