import Diagnostics
import Documents
import Foundation
import Processes
import Scoring
import TestSupport
import Testing

@Suite("Verifiers")
struct VerifierTests {
  static func json(_ text: String) throws -> JSONValue {
    try JSONReader.parse(Array(text.utf8), file: "test")
  }

  static func verify(_ settings: String, _ completion: String, _ fields: String = "{}") throws
    -> Verification
  {
    try Verifiers.make(json(settings)).verify(
      Attempt(prompt: "p", completion: completion, fields: json(fields)))
  }

  /// Settings, completion, fields, score, reason.
  static let cases: [(String, String, String, Double?, String)] = [
    // numeric
    (#"{"type": "numeric"}"#, "so it is 42.", #"{"answer": 42}"#, 1, "numeric.equal"),
    (
      #"{"type": "numeric"}"#, "3 and 4 make\n#### 7\nnot 9", #"{"answer": "7"}"#, 1,
      "numeric.equal"
    ),
    (#"{"type": "numeric"}"#, "<answer>8</answer> 9", #"{"answer": "8"}"#, 1, "numeric.equal"),
    (
      #"{"type": "numeric"}"#, #"\boxed{\frac{1}{2} = 0.5}"#, #"{"answer": "0.5"}"#, 1,
      "numeric.equal"
    ),
    (#"{"type": "numeric"}"#, "<think>5</think>six", #"{"answer": "5"}"#, 0, "numeric.no-number"),
    (#"{"type": "numeric"}"#, "it costs $1,234.50", #"{"answer": "1234.5"}"#, 1, "numeric.equal"),
    (#"{"type": "numeric"}"#, "7", #"{"answer": "3 + 4 = 7\n#### 7"}"#, 1, "numeric.equal"),
    (#"{"type": "numeric"}"#, "12%", #"{"answer": "0.12"}"#, 1, "numeric.equal"),
    (#"{"type": "numeric", "percent": "plain"}"#, "12 %", #"{"answer": "12"}"#, 1, "numeric.equal"),
    (#"{"type": "numeric", "tolerance": 0.1}"#, "3.05", #"{"answer": 3.1}"#, 1, "numeric.equal"),
    (
      #"{"type": "numeric", "tolerance": 0.01}"#, "3.05", #"{"answer": 3.1}"#, 0,
      "numeric.different"
    ),
    (
      #"{"type": "numeric", "relative_tolerance": 0.01}"#, "1005", #"{"answer": 1000}"#, 1,
      "numeric.equal"
    ),
    (#"{"type": "numeric"}"#, "4", #"{"answer": ["3", "4"]}"#, 1, "numeric.equal"),
    (#"{"type": "numeric"}"#, "4", "{}", nil, "numeric.no-reference"),
    (#"{"type": "numeric"}"#, "4", #"{"answer": "none"}"#, nil, "numeric.no-reference"),
    (#"{"type": "numeric", "field": "solution"}"#, "4", #"{"solution": 4}"#, 1, "numeric.equal"),
    (#"{"type": "numeric", "part": "hashes"}"#, "4", #"{"answer": 4}"#, 0, "numeric.no-answer"),
    // exact
    (#"{"type": "exact"}"#, "  Paris \n", #"{"answer": "paris"}"#, 1, "exact.equal"),
    (#"{"type": "exact"}"#, "<think>x</think>\nParis", #"{"answer": "Paris"}"#, 1, "exact.equal"),
    (
      #"{"type": "exact", "ignore_case": false}"#, "paris", #"{"answer": "Paris"}"#, 0,
      "exact.different"
    ),
    (#"{"type": "exact"}"#, "new   york", #"{"answer": ["LA", "New York"]}"#, 1, "exact.equal"),
    (
      #"{"type": "exact", "collapse_space": false}"#, "new  york", #"{"answer": "new york"}"#, 0,
      "exact.different"
    ),
    (
      #"{"type": "exact", "ignore_punctuation": true}"#, "Paris.", #"{"answer": "paris"}"#, 1,
      "exact.equal"
    ),
    (#"{"type": "exact"}"#, "Paris.", #"{"answer": "paris"}"#, 0, "exact.different"),
    (
      #"{"type": "exact", "ignore_articles": true}"#, "the Cat", #"{"answer": "cat"}"#, 1,
      "exact.equal"
    ),
    (#"{"type": "exact"}"#, "true", #"{"answer": true}"#, 1, "exact.equal"),
    (#"{"type": "exact"}"#, "x", #"{"answer": {}}"#, nil, "exact.no-reference"),
    // contains
    (#"{"type": "contains", "values": ["ab", "cd"]}"#, "xABy", "{}", 1, "contains.found"),
    (
      #"{"type": "contains", "values": ["ab", "cd"], "count": "all"}"#, "xaby", "{}", 0,
      "contains.missing"
    ),
    (
      #"{"type": "contains", "values": ["ab", "cd"], "count": "share"}"#, "xaby", "{}", 0.5,
      "contains.partly"
    ),
    (
      #"{"type": "contains", "values": ["ab"], "ignore_case": false}"#, "AB", "{}", 0,
      "contains.missing"
    ),
    (#"{"type": "contains", "values": ["ab"], "absent": true}"#, "xyz", "{}", 1, "contains.found"),
    (#"{"type": "contains"}"#, "abab abc", #"{"answer": "ababc"}"#, 0, "contains.missing"),
    (#"{"type": "contains"}"#, "abababc", #"{"answer": "ababc"}"#, 1, "contains.found"),
    (#"{"type": "contains"}"#, "a", "{}", nil, "contains.no-reference"),
    // regex
    (#"{"type": "regex", "pattern": "^\\d{4}$"}"#, "2024", "{}", 1, "regex.match"),
    (
      #"{"type": "regex", "pattern": "\\d{4}", "mode": "whole"}"#, "a2024", "{}", 0,
      "regex.no-match"
    ),
    (#"{"type": "regex", "pattern": "YES", "flags": "i"}"#, "oh yes", "{}", 1, "regex.match"),
    (
      #"{"type": "regex", "pattern": "sum: (\\d+)", "equals": "n"}"#, "sum: 12", #"{"n": 12}"#, 1,
      "regex.equal"
    ),
    (
      #"{"type": "regex", "pattern": "sum: (\\d+)", "equals": "n"}"#, "sum: 12", #"{"n": "13"}"#, 0,
      "regex.different"
    ),
    (#"{"type": "regex", "pattern": "(a)", "equals": "n"}"#, "a", "{}", nil, "regex.no-reference"),
    // json
    (#"{"type": "json"}"#, #"{"a": 1}"#, "{}", 1, "json.valid"),
    (#"{"type": "json"}"#, "{a: 1}", "{}", 0, "json.invalid"),
    (#"{"type": "json"}"#, "```json\n[1]\n```", "{}", 0, "json.invalid"),
    (#"{"type": "json", "fences": true}"#, "```json\n[1]\n```", "{}", 1, "json.valid"),
    (#"{"type": "json"}"#, "<think>no</think> [1]", "{}", 1, "json.valid"),
    (#"{"type": "json"}"#, "[1] and so on", "{}", 0, "json.invalid"),
    // json_schema
    (
      #"{"type": "json_schema", "schema": {"required": ["a"]}}"#, #"{"a": 1}"#, "{}", 1,
      "json_schema.valid"
    ),
    (
      #"{"type": "json_schema", "schema": {"required": ["a"]}}"#, "{}", "{}", 0,
      "json_schema.required"
    ),
    (
      #"{"type": "json_schema", "schema": {"required": ["a"]}, "partial": 0.25}"#, "{}", "{}", 0.25,
      "json_schema.required"
    ),
    (#"{"type": "json_schema", "schema": true}"#, "{", "{}", 0, "json_schema.invalid-json"),
    // format
    (#"{"type": "format"}"#, "<think>a</think>\n<answer>b</answer>\n", "{}", 1, "format.whole"),
    (#"{"type": "format"}"#, "<think>a</think>b", "{}", 0, "format.missing"),
    (#"{"type": "format"}"#, "<answer>b</answer><think>a</think>", "{}", 0, "format.order"),
    (#"{"type": "format"}"#, "x<think>a</think><answer>b</answer>", "{}", 0, "format.order"),
    (#"{"type": "format"}"#, "<think>a</think><answer>b</answer>x", "{}", 0, "format.order"),
    (#"{"type": "format"}"#, "<think>a</think><answer> </answer>", "{}", 0, "format.missing"),
    (
      #"{"type": "format"}"#, "<think>a<think>b</think></think><answer>b</answer>", "{}", 0,
      "format.missing"
    ),
    (
      #"{"type": "format", "tags": ["think"], "text_after": true}"#, "<think>a</think> b", "{}", 1,
      "format.whole"
    ),
    (#"{"type": "format", "partial": true}"#, "<think>a</think>b", "{}", 1.0 / 3, "format.missing"),
    // length
    (#"{"type": "length", "max": 3}"#, "abc", "{}", 1, "length.within"),
    (#"{"type": "length", "max": 3}"#, "abcd", "{}", 0, "length.long"),
    (#"{"type": "length", "min": 3, "unit": "words"}"#, "a b", "{}", 0, "length.short"),
    (#"{"type": "length", "max": 3, "slope": 4}"#, "abcd", "{}", 0.75, "length.long"),
    (#"{"type": "length", "max": 3, "unit": "bytes"}"#, "éé", "{}", 0, "length.long"),
    // sum
    (
      #"{"type": "sum", "of": [{"type": "length", "max": 3, "weight": 3}, {"type": "json"}]}"#,
      "[1]", "{}", 1, "sum"
    ),
    (
      #"{"type": "sum", "of": [{"type": "length", "max": 3, "weight": 3}, {"type": "json"}]}"#,
      "abc", "{}", 0.75, "sum"
    ),
    (#"{"type": "sum", "of": [{"type": "exact"}, {"type": "json"}]}"#, "1", "{}", 0.5, "sum"),
    (#"{"type": "sum", "of": [{"type": "exact"}]}"#, "1", "{}", nil, "sum.no-reference"),
    // command
    (#"{"type": "command", "command": ["true"]}"#, "x", "{}", 1, "command.passed"),
    (#"{"type": "command", "command": ["false"]}"#, "x", "{}", 0, "command.failed"),
    (#"{"type": "command", "command": ["no-such-program"]}"#, "x", "{}", 0, "command.failed"),
    (
      #"{"type": "command", "command": ["sh", "-c", "echo 0.25; echo"], "score": "output"}"#, "x",
      "{}", 0.25, "command.scored"
    ),
    (
      #"{"type": "command", "command": ["sh", "-c", "echo 3"], "score": "output"}"#, "x", "{}", 1,
      "command.out-of-range"
    ),
    (
      #"{"type": "command", "command": ["sh", "-c", "echo no"], "score": "output"}"#, "x", "{}",
      nil, "command.no-number"
    ),
    (
      #"{"type": "command", "command": ["sh", "-c", "echo 1; exit 3"], "score": "output"}"#, "x",
      "{}", 0, "command.failed"
    ),
    (
      #"{"type": "command", "command": ["sh", "-c", "kill -9 $$"]}"#, "x", "{}", 0, "command.killed"
    ),
    (
      #"{"type": "command", "command": ["sleep", "60"], "timeout": 0.1}"#, "x", "{}", 0,
      "command.timed-out"
    ),
    (
      #"{"type": "command", "command": ["sh", "-c", "sleep 60 & sleep 60"], "timeout": 0.1}"#, "x",
      "{}", 0, "command.timed-out"
    ),
    (
      #"{"type": "command", "command": ["yes"], "timeout": 30}"#, "x", "{}", 0,
      "command.too-much-output"
    ),
    (
      #"{"type": "command", "command": ["grep", "-q", "\"completion\":\"needle\""]}"#, "needle",
      "{}", 1, "command.passed"
    ),
    (
      #"{"type": "command", "command": ["grep", "-q", "\"fields\":{\"k\":7}"]}"#, "x", #"{"k": 7}"#,
      1, "command.passed"
    ),
    (
      #"{"type": "command", "command": ["sh", "-c", "test \"$HOME\" = ''"]}"#, "x", "{}", 1,
      "command.passed"
    ),
  ]

  @Test("scores and reasons", arguments: cases.indices)
  func scores(_ index: Int) throws {
    let (settings, completion, fields, score, reason) = Self.cases[index]
    let result = try Self.verify(settings, completion, fields)
    #expect(result.reason == reason, "\(settings) \(completion.debugDescription)")
    #expect(result.score == score, "\(settings) \(completion.debugDescription)")
  }

  @Test("a sum says what its parts said")
  func parts() throws {
    let result = try Self.verify(
      #"{"type": "sum", "of": [{"type": "json"}, {"type": "exact"}]}"#, "x")
    #expect(
      result.parts == [Verification(0, "json.invalid"), Verification(nil, "exact.no-reference")])
  }

  static let hasSandbox = (try? Sandbox.find()) != nil

  @Test(
    "a command in the sandbox scores, reads what it is given, and reaches nothing else",
    .enabled(if: hasSandbox, "no sandbox can be made here"))
  func sandboxed() throws {
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o755)
    let path = try folder.write("tests", "needle\n")
    func score(_ command: String, _ more: String = "") throws -> Double? {
      let text = #"{"type": "command", "sandbox": true, "command": ["sh", "-c", "COMMAND"]MORE}"#
        .replacingOccurrences(of: "COMMAND", with: command)
        .replacingOccurrences(of: "MORE", with: more)
      return try Self.verify(text, "needle").score
    }
    #expect(try score("read line; case $line in *needle*) exit 0;; esac; exit 1") == 1)
    #expect(try score("read line < \(path)") == 0)
    #expect(try score("read line < \(path)", #", "readable": ["\#(folder.path)"]"#) == 1)
    #expect(try score(": > \(path)", #", "readable": ["\#(folder.path)"]"#) == 0)
    #expect(try folder.read("tests") == Array("needle\n".utf8))
  }

  @Test("a command that reads nothing of a long input is no trouble")
  func longInput() throws {
    let result = try Self.verify(
      #"{"type": "command", "command": ["true"]}"#, String(repeating: "x", count: 3_000_000))
    #expect(result.score == 1)
  }

  static let bad: [(String, String, String?)] = [
    ("3", "a verifier is a number without 'type'", nil),
    (#"{"type": "numerc"}"#, "there is no verifier 'numerc'", "did you mean 'numeric'?"),
    (
      #"{"type": "numeric", "tolerence": 1}"#, "verifier 'numeric' has no option 'tolerence'",
      "did you mean 'tolerance'?"
    ),
    (
      #"{"type": "numeric", "tolerance": "a"}"#,
      "option 'tolerance' of verifier 'numeric' is a string, expected a number", nil
    ),
    (
      #"{"type": "numeric", "relative_tolerance": 2}"#,
      "option 'relative_tolerance' of verifier 'numeric' is 2.0, expected 0.0 to 1.0", nil
    ),
    (
      #"{"type": "numeric", "part": "al"}"#,
      "option 'part' of verifier 'numeric' is 'al', expected one of all, after_think, answer_tag, hashes, boxed, last_line, auto",
      nil
    ),
    (#"{"type": "regex"}"#, "option 'pattern' of verifier 'regex' is missing", nil),
    (
      #"{"type": "regex", "pattern": "a", "flags": "x"}"#,
      "option 'flags' of verifier 'regex' holds a letter that is none of i, m and s", nil
    ),
    (
      #"{"type": "regex", "pattern": "a", "equals": "b"}"#,
      "option 'equals' of verifier 'regex' needs a group in the pattern", nil
    ),
    (
      #"{"type": "length", "min": 3, "max": 2}"#, "option 'max' of verifier 'length' is below min",
      nil
    ),
    (
      #"{"type": "command", "command": ["ls"], "readable": ["/usr"]}"#,
      "option 'readable' of verifier 'command' is for commands in the sandbox: set 'sandbox: true'",
      nil
    ),
    (
      #"{"type": "command", "command": ["ls"], "sandbox": true, "readable": ["/none"]}"#,
      "option 'readable' of verifier 'command' names '/none', and there is no such file or folder",
      nil
    ),
    (
      #"{"type": "command", "command": "ls"}"#,
      "option 'command' of verifier 'command' is a string, expected a list of strings", nil
    ),
    (
      #"{"type": "format", "tags": ["a", "a"]}"#,
      "option 'tags' of verifier 'format' must be different names of letters and _", nil
    ),
    (
      #"{"type": "sum", "of": []}"#, "option 'of' of verifier 'sum' must be a list of verifiers",
      nil
    ),
    (
      #"{"type": "sum", "of": [{"type": "json", "weight": 0}]}"#,
      "option 'of' of verifier 'sum' has a weight that is not above 0", nil
    ),
    (#"{"type": "json_schema"}"#, "option 'schema' of verifier 'json_schema' is missing", nil),
  ]

  @Test("settings that do not fit are named", arguments: bad.indices)
  func errors(_ index: Int) throws {
    let (settings, message, fix) = Self.bad[index]
    let json = try Self.json(settings)
    let failure = #expect(throws: Failure.self) { _ = try Verifiers.make(json) }
    #expect(failure?.diagnostics.map(\.message) == [message])
    if let fix { #expect(failure?.diagnostics.first?.fix == fix) }
  }

  @Test("sums hold sums only so deep")
  func depth() throws {
    var json: JSONValue = .object(["type": "json"])
    for _ in 0..<12 { json = .object(["type": "sum", "of": .array([json])]) }
    let nested = json
    #expect(throws: Failure.self) { _ = try Verifiers.make(nested) }
  }

  @Test("every verifier has a name of its own and says what it does")
  func catalogue() {
    #expect(Set(Verifiers.all.map { $0.name }).count == Verifiers.all.count)
    #expect(Verifiers.all.allSatisfy { !$0.summary.isEmpty && !$0.options.isEmpty })
  }
}
