import Diagnostics
import Patterns
import Testing

@Suite("Pattern")
struct PatternTests {
  /// Pattern, text, what the leftmost match and its groups are ("-": the group took no part), as
  /// Python's `re.search` gives them; nil: no match.
  static let matches: [(String, String, [String]?)] = [
    ("abc", "xabcy", ["abc"]), ("a.c", "a\nc abc", ["abc"]), ("(?s)a.c", "a\nc", ["a\nc"]),
    ("a*", "baaa", [""]), ("a+", "baaa", ["aaa"]), ("a+?", "baaa", ["a"]), ("ba??", "ba", ["b"]),
    ("(a|ab)(c|bcd)", "abcd", ["abcd", "a", "bcd"]), ("(a+)(b+)?", "aac", ["aa", "aa", "-"]),
    ("(?:ab)+", "ababx", ["abab"]), ("a{2}", "aaaa", ["aa"]), ("a{2,}", "aaaa", ["aaaa"]),
    ("a{1,2}", "aaaa", ["aa"]), ("a{1,2}?", "aaaa", ["a"]), ("a{,2}", "aaa", ["aa"]),
    ("a{x}", "a{x}", ["a{x}"]), ("[a-c]+", "xxabcd", ["abc"]), ("[^a-c]+", "abxyc", ["xy"]),
    ("[]a]+", "]a]", ["]a]"]), ("[a-]+", "-a-", ["-a-"]), (#"[\d_]+"#, "a1_2", ["1_2"]),
    (#"\d+\.\d+"#, "v 3.14!", ["3.14"]), (#"\w+"#, "é_1 x", ["é_1"]),
    (#"\s+"#, "a \t\nb", [" \t\n"]),
    (#"\S+"#, "  ab ", ["ab"]), (#"\W"#, "ab-c", ["-"]), (#"\D+"#, "12ab3", ["ab"]),
    (#"\bcat\b"#, "concat cat", ["cat"]), (#"\Bcat"#, "cat concat", ["cat"]),
    ("^b", "a\nb", nil), ("(?m)^b$", "a\nb\nc", ["b"]), ("a$", "a\n", ["a"]), (#"a\Z"#, "a\n", nil),
    (#"\Aa"#, "ba", nil), ("(?i)hello", "HeLLo", ["HeLLo"]), ("(?i)[a-z]+", "ABC", ["ABC"]),
    ("(?i:a)b", "Ab", ["Ab"]), ("(?i:a)b", "AB", nil), ("(?i)ä", "Ä", ["Ä"]),
    ("(?P<n>x)(?<m>y)", "xy", ["xy", "x", "y"]), (#"\x41\u0042\t"#, "AB\t", ["AB\t"]),
    (#"\(\[\{\.\*"#, "([{.*", ["([{.*"]), ("(a*)*", "aa", ["aa", "aa"]),
    ("(a|b)*c", "abac", ["abac", "a"]),
    ("|a", "a", [""]), ("(?:)", "a", [""]), ("a|b|", "c", [""]), ("x*", "", [""]),
    ("(?#note)a", "a", ["a"]), (#"[\]\-]+"#, "a]-", ["]-"]), ("(?:a|b)+?c", "abc", ["abc"]),
    ("日本+", "日本本", ["日本本"]), (#"\d"#, "٣", ["٣"]),
  ]

  @Test("search finds what Python's re finds", arguments: matches.indices)
  func search(_ index: Int) throws {
    let (source, text, expected) = Self.matches[index]
    let pattern = try Pattern(source)
    let match = pattern.search(text)
    let groups = match.map { match in
      (0...pattern.groupCount).map { match.text(of: $0) ?? "-" }
    }
    // Of the empty last turn of a starred group engines differ; the whole match is what counts.
    if source == "(a*)*" {
      #expect(groups?.first == expected?.first)
    } else {
      #expect(groups == expected, "\(source) in \(text.debugDescription)")
    }
    #expect(pattern.isFound(in: text) == (expected != nil))
  }

  @Test("a whole match takes another branch where the first one falls short")
  func whole() throws {
    #expect(try Pattern("a|ab").matchWhole("ab")?.text(of: 0) == "ab")
    #expect(try Pattern("a*?").matchWhole("aaa")?.text(of: 0) == "aaa")
    #expect(try Pattern("b").matchWhole("ab") == nil)
    #expect(try Pattern("").matchWhole("") != nil)
  }

  @Test("ECMA's classes are ASCII and its end is the end")
  func ecma() throws {
    #expect(try !Pattern("^a$", dialect: .ecma).isFound(in: "a\n"))
    #expect(try !Pattern(#"^\d$"#, dialect: .ecma).isFound(in: "٣"))
    #expect(try !Pattern(#"^\w$"#, dialect: .ecma).isFound(in: "é"))
    #expect(try Pattern(#"^\w\d$"#, dialect: .ecma).isFound(in: "_7"))
  }

  @Test("the groups keep their names")
  func names() throws {
    #expect(try Pattern("(?P<year>a)(b)(?<day>c)").groupNames == [1: "year", 3: "day"])
  }

  static let bad: [(String, String, String)] = [
    ("(a", "regex.syntax", "the regular expression has a '(' that is not closed at character 1"),
    ("a)", "regex.syntax", "the regular expression has an unmatched ')' at character 2"),
    ("[a", "regex.syntax", "the regular expression has a '[' that is not closed at character 1"),
    ("*a", "regex.syntax", "the regular expression has nothing to repeat at character 1"),
    (
      "a**", "regex.syntax",
      "the regular expression has a quantifier after a quantifier at character 4"
    ),
    (
      "a{3,2}", "regex.syntax",
      "the regular expression has a count that is upside down or above 1000 at character 2"
    ),
    (
      "[b-a]", "regex.syntax",
      "the regular expression has a range that is upside down at character 5"
    ),
    (#"\q"#, "regex.syntax", #"the regular expression has an unknown escape '\q' at character 2"#),
    ("\\", "regex.syntax", #"the regular expression has a '\' at the end at character 2"#),
    (
      "(?x)a", "regex.syntax",
      "the regular expression has an unknown flag among 'x' (i, m and s are known) at character 4"
    ),
    (
      #"(a)\1"#, "regex.unsupported",
      "the regular expression uses a back-reference at character 5, which is not supported: matching must take linear time"
    ),
    (
      "(?=a)", "regex.unsupported",
      "the regular expression uses look-ahead at character 3, which is not supported: matching must take linear time"
    ),
    (
      "(?<!a)", "regex.unsupported",
      "the regular expression uses look-behind at character 5, which is not supported: matching must take linear time"
    ),
    (
      "a++", "regex.unsupported",
      "the regular expression uses a possessive quantifier at character 3, which is not supported: matching must take linear time"
    ),
    (
      "(a{1000}){1000}", "regex.too-large",
      "the regular expression needs more than 4096 steps once its counts are written out"
    ),
    (
      "(?:(?:(?:){1000}){1000}){1000}", "regex.too-large",
      "the regular expression needs more than 4096 steps once its counts are written out"
    ),
  ]

  @Test("what is wrong or not supported is named with its place", arguments: bad.indices)
  func errors(_ index: Int) {
    let (source, code, message) = Self.bad[index]
    let failure = #expect(throws: Failure.self) { _ = try Pattern(source) }
    #expect(failure?.diagnostics.map(\.code) == [code])
    #expect(failure?.diagnostics.map(\.message) == [message])
  }

  @Test("nesting is bounded")
  func depth() {
    let deep = String(repeating: "(?:", count: 5000) + String(repeating: ")", count: 5000)
    #expect(throws: Failure.self) { _ = try Pattern(deep) }
  }

  @Test(
    "patterns that blow up elsewhere take linear time here",
    arguments: ["(a+)+$", "(a|aa)+$", "(a*)*b", "(?:a?){500}a{500}", "(.*)(.*)(.*)(.*)x"])
  func linear(_ source: String) throws {
    let pattern = try Pattern(source)
    let text = String(repeating: "a", count: 500) + "!"
    let isFound = pattern.isFound(in: text)
    #expect(isFound == (source == "(?:a?){500}a{500}"))
  }
}
