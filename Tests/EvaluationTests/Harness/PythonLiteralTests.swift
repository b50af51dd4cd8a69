import Documents
import Evaluation
import Testing

@Suite struct PythonLiteralTests {
  @Test(
    "what Python's repr writes is read back",
    arguments: [
      (#"['a', "it's", 'x\ny', '\u00e9\x41']"#, ["a", "it's", "x\ny", "\u{e9}A"]),
      ("[]", []), ("('a',)", ["a"]), ("('a')", "a"), ("(1, 2.5, -3)", [1, 2.5, -3]),
      ("[True, False, None]", [true, false, .null]),
      (" [ 'a' 'b' , 'c', ] ", ["ab", "c"]), ("{'a': [1], 'b': 'c'}", ["a": [1], "b": "c"]),
      (#"'a\qb'"#, #"a\qb"#), ("[['a'], ['b']]", [["a"], ["b"]]), ("1e3", 1000.0),
      ("'\\101\\\\'", "A\\"),
    ] as [(String, JSONValue)])
  func values(_ text: String, _ value: JSONValue) {
    #expect(PythonLiteral.value(of: text) == value)
  }

  @Test(
    "what is no literal has no value",
    arguments: [
      "", "a", "['a'", "['a' 1]", "[1 2]", "'a", "f('a')", "007", "{1: 'a'}", "['a'] x", "'\\x4'",
      String(repeating: "[", count: 100_000),
    ])
  func none(_ text: String) { #expect(PythonLiteral.value(of: text) == nil) }
}
