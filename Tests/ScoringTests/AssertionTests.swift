import Diagnostics
import Documents
import Scoring
import Testing

@Suite struct AssertionTests {
  static func json(_ text: String) throws -> JSONValue {
    try JSONReader.parse(Array(text.utf8), file: "test")
  }

  static func failure(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let failure as Failure {
      let first = failure.diagnostics[0]
      return first.message + (first.fix.map { "; " + $0 } ?? "")
    } catch { return "\(error)" }
  }

  static let fields: JSONValue = [
    "answer": "Paris", "year": 1789, "list": [1], "long": "the cat sat on the mat",
  ]

  static let passing: [(String, String, Bool)] = [
    (#"{"type":"equals","value":"Paris"}"#, "Paris", true),
    (#"{"type":"equals","value":"Paris"}"#, "paris", false),
    (#"{"type":"equals","value":"Paris"}"#, "Paris ", false),
    (#"{"type":"equals","value":"é"}"#, "e\u{301}", false),
    (#"{"type":"iequals","value":"PARIS"}"#, "paris", true),
    (#"{"type":"equals","value":"{{ answer }} {{year}}"}"#, "Paris 1789", true),
    (#"{"type":"equals","value":42}"#, "42", true),
    (#"{"type":"contains","value":"cat"}"#, "the cat", true),
    (#"{"type":"contains","value":"Cat"}"#, "the cat", false),
    (#"{"type":"icontains","value":"CAT"}"#, "the cat", true),
    (#"{"type":"contains-any","value":["dog","cat"]}"#, "the cat", true),
    (#"{"type":"contains-any","value":["dog","Cat"]}"#, "the cat", false),
    (#"{"type":"icontains-any","value":["dog","Cat"]}"#, "the cat", true),
    (#"{"type":"contains-all","value":["the","cat"]}"#, "the cat", true),
    (#"{"type":"contains-all","value":["the","dog"]}"#, "the cat", false),
    (#"{"type":"icontains-all","value":["THE","{{answer}}"]}"#, "the paris", true),
    (#"{"type":"icontains-all","value":"x"}"#, "the cat", false),
    (#"{"type":"starts-with","value":"the"}"#, "the cat", true),
    (#"{"type":"starts-with","value":"cat"}"#, "the cat", false),
    (#"{"type":"regex","value":"^\\d{4}$"}"#, "1789", true),
    (#"{"type":"regex","value":"^\\d{4}$"}"#, "17890", false),
    (#"{"type":"is-json"}"#, "{\"a\": 1}", true),
    (#"{"type":"is-json"}"#, "```\n{\"a\": 1}\n```", false),
    (#"{"type":"is-json","value":{"type":"object","required":["a"]}}"#, "{\"b\": 1}", false),
    (#"{"type":"is-json","value":{"type":"object","required":["a"]}}"#, "{\"a\": 1}", true),
    (#"{"type":"contains-json"}"#, "Sure: {x} ```json\n{\"a\": [1, \"}\"]}\n``` bye", true),
    (#"{"type":"contains-json"}"#, "no { json ] here", false),
    (#"{"type":"contains-json","value":{"required":["b"]}}"#, "so {\"a\": 1}", false),
    (#"{"type":"json-path","path":"$.a.b[0]","value":2}"#, "{\"a\": {\"b\": [2.0]}}", true),
    (#"{"type":"json-path","path":"$.a.b[-1]","value":2}"#, "{\"a\": {\"b\": [1, 2]}}", true),
    (#"{"type":"json-path","path":"$.a.b[1]","value":2}"#, "{\"a\": {\"b\": [2]}}", false),
    (#"{"type":"json-path","path":"$['a b']","value":"{{answer}}"}"#, "{\"a b\": \"Paris\"}", true),
    (#"{"type":"json-path","path":"$[0]"}"#, "[null]", true),
    (#"{"type":"json-path","path":"$[0]"}"#, "{}", false),
    (#"{"type":"json-path","path":"$"}"#, "not json", false),
    (#"{"type":"levenshtein","value":"kitten","threshold":3}"#, "sitting", true),
    (#"{"type":"levenshtein","value":"kitten","threshold":2}"#, "sitting", false),
    (#"{"type":"rouge-1","value":"{{long}}"}"#, "the cat sat on a mat", true),
    (#"{"type":"rouge-2","value":"{{long}}"}"#, "the cat sat on a mat", false),
    (#"{"type":"rouge-n","n":2,"value":"{{long}}","threshold":0.6}"#, "the cat sat on a mat", true),
    (#"{"type":"rouge-l","value":["x","{{long}}"]}"#, "the cat sat on the mat", true),
    (#"{"type":"rouge-lsum","value":"a b\nc d"}"#, "c d\na b", true),
    (#"{"type":"rouge-l","value":"a b\nc d"}"#, "c d\na b", false),
    (#"{"type":"bleu","value":"{{long}}"}"#, "the cat sat on the mat", true),
    (#"{"type":"bleu","value":"{{long}}"}"#, "a dog stood by the door", false),
    (#"{"type":"chrf","value":"{{long}}"}"#, "the cat sat on a mat", true),
    (#"{"type":"f1","value":"the cat","threshold":1}"#, "A cat!", true),
    (#"{"type":"word-count","value":3}"#, "one two\u{A0}three", true),
    (#"{"type":"word-count","value":{"min":4}}"#, "one two three", false),
    (#"{"type":"word-count","value":{"max":3}}"#, "one two three", true),
    (#"{"type":"length","value":{"min":2,"max":2}}"#, "e\u{301}", true),
  ]

  @Test(
    "each type passes and fails as it says, and its opposite the other way round",
    arguments: passing)
  func passes(assertion: String, answer: String, expected: Bool) throws {
    let json = try Self.json(assertion)
    let result = try Assertion(json).evaluate(answer, Self.fields)
    #expect(result.passes == expected)
    let opposite = try Self.json("{\"type\":\"not-" + assertion.dropFirst(9))
    let other = try Assertion(opposite).evaluate(answer, Self.fields)
    #expect(other.passes == !expected && other.score == 1 - result.score)
    #expect((0...1).contains(result.score))
  }

  static let wrong: [(String, String)] = [
    (#"3"#, "assertion 1 is a number without 'type'; write type: and one of equals, iequals, "),
    (
      #"{"type":"contain","value":"x"}"#,
      "assertion 1 has the type 'contain', which there is not; did you mean 'contains'?"
    ),
    (
      #"{"type":"not-not-equals","value":"x"}"#,
      "assertion 1 has the type 'not-not-equals', which there is not; "
    ),
    (
      #"{"type":"equals","valeu":"x"}"#,
      "assertion 1 'equals' has no key 'valeu'; did you mean 'value'?"
    ),
    (
      #"{"type":"is-json","threshold":1}"#,
      "assertion 1 'is-json' has no key 'threshold'; its keys are type, weight, value"
    ),
    (#"{"type":"equals"}"#, "'value' of assertion 1 'equals' is missing, expected a string"),
    (
      #"{"type":"not-equals","value":["x"]}"#,
      "'value' of assertion 1 'equals' is an array, expected a string"
    ),
    (
      #"{"type":"contains-any","value":[]}"#,
      "'value' of assertion 1 'contains-any' is empty, expected a list of strings"
    ),
    (
      #"{"type":"contains-any","value":["a",null]}"#,
      "'value' of assertion 1 'contains-any' is null, expected a string"
    ),
    (
      #"{"type":"equals","value":"{{ a | upper }}"}"#,
      "'value' of assertion 1 'equals' holds '{{' that is no name in '}}'; write {{ name }} with "
        + "the name of a field of the row: letters, digits, _ and -"
    ),
    (
      #"{"type":"equals","value":"x","weight":-1}"#,
      "'weight' of assertion 1 'equals' is -1.0, expected 0.0 to 1000000.0"
    ),
    (
      #"{"type":"rouge-1","value":"x","threshold":75}"#,
      "'threshold' of assertion 1 'rouge-1' is 75.0, expected 0.0 to 1.0"
    ),
    (
      #"{"type":"rouge-1","value":"x","n":2}"#, "'n' of assertion 1 'rouge-1' is only for rouge-n"
    ),
    (
      #"{"type":"levenshtein","value":"x","threshold":0.5}"#,
      "'threshold' of assertion 1 'levenshtein' is a number, expected a whole number"
    ),
    (
      #"{"type":"json-path","path":"a.b"}"#,
      "'path' of assertion 1 'json-path' is no path; write $ and then .name, ['name'] or [0] for "
        + "each step"
    ),
    (
      #"{"type":"word-count","value":{"min":3,"max":2}}"#,
      "'value' of assertion 1 'word-count' has a max below its min"
    ),
    (
      #"{"type":"word-count","value":"3"}"#,
      "'value' of assertion 1 'word-count' is a string, expected a whole number"
    ),
    (
      #"{"type":"length","value":{"mini":3}}"#,
      "'value' of assertion 1 'length' has other members than min and max"
    ),
  ]

  @Test("what does not fit is named, with what was found, expected and the fix", arguments: wrong)
  func errors(assertion: String, message: String) throws {
    let json = try Self.json(assertion)
    let found = Self.failure { _ = try Assertion(json) }
    #expect(found?.hasPrefix(message) == true, "\(found ?? "no failure")")
  }

  @Test("a wrong regular expression and a wrong schema are errors when the assertion is made")
  func madeOnce() throws {
    for text in [
      #"{"type":"regex","value":"(a"}"#, #"{"type":"is-json","value":{"typ":"object"}}"#,
    ] {
      let json = try Self.json(text)
      #expect(Self.failure { _ = try Assertion(json) } != nil, "\(text)")
    }
  }

  @Test("a field that the row lacks, or that is no text, is named without its content")
  func missingFields() throws {
    let lacks = try Assertion(["type": "equals", "value": "{{ capital }}"])
    #expect(
      Self.failure { _ = try lacks.evaluate("x", Self.fields) }
        == "a row has no field 'capital', which an assertion names; correct the name, or give every "
        + "row the field")
    let list = try Assertion(["type": "equals", "value": "{{ list }}"])
    #expect(
      Self.failure { _ = try list.evaluate("x", Self.fields) }
        == "the field 'list' of a row is an array, expected a text or a number")
  }

  @Test("without a threshold a case passes when everything that weighs passes")
  func allPass() throws {
    let list: [JSONValue] = [
      ["type": "contains", "value": "a"], ["type": "contains", "value": "b", "weight": 3],
      ["type": "contains", "value": "c", "weight": 0],
    ]
    let testCase = try AssertionCase(list)
    let both = try testCase.evaluate("ab")
    #expect(both.passes && both.score == 1 && both.failed == [2])
    let one = try testCase.evaluate("ac")
    #expect(!one.passes && one.score == 0.25 && one.failed == [1])
    #expect(try AssertionCase([JSONValue]()).evaluate("").passes)
  }

  @Test("with a threshold a case passes when the weighted mean of scores is at or over it")
  func weighted() throws {
    let list: [JSONValue] = [
      ["type": "contains", "value": "a"],
      ["type": "contains-all", "value": ["b", "c", "d"], "weight": 3],
    ]
    let score = try AssertionCase(list, threshold: 0.5).evaluate("a b")
    #expect(score.score == 0.5 && score.passes && score.failed == [1])
    #expect(try !AssertionCase(list, threshold: 0.51).evaluate("a b").passes)
    #expect(try !AssertionCase(list, threshold: 0.5).evaluate("b").passes)
  }

  @Test("the second of two wrong assertions is called the second")
  func positions() throws {
    let list: [JSONValue] = [["type": "is-json"], ["type": "eqals", "value": "x"]]
    #expect(
      Self.failure { _ = try AssertionCase(list) }
        == "assertion 2 has the type 'eqals', which there is not; did you mean 'equals'?")
  }

  @Test("every type has one kind, and none begins with not-")
  func names() {
    #expect(Set(AssertionKinds.names).count == AssertionKinds.names.count)
    #expect(!AssertionKinds.names.contains { $0.hasPrefix("not-") })
  }
}
