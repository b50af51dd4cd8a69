import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct EvalGateParameterTests {
  static func diagnostics(_ json: String) throws -> [String] {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    return EvalGate.read(node).diagnostics.map(\.message)
  }

  static let task = #""tasks": [{"name": "triage", "metric": "exact_match"}]"#

  @Test(
    "gates that cannot decide are refused",
    arguments: [
      (#"{}"#, "stage 'eval_gate' needs the parameter 'tasks'"),
      (
        #"{"tasks": [{"name": "t", "metric": "mean_kld"}]}"#,
        "require: a gate without rules lets everything pass"
      ),
      (#"{"tasks": [], "require": [{"task": "x", "min": 1}]}"#, "tasks: nothing is measured"),
      (
        #"{\#(task), "require": [{"task": "triag", "min": 1}]}"#,
        "require: there is no task 'triag'"
      ),
      (
        #"{\#(task), "require": [{"task": "triage", "metric": "perplexity", "min": 1}]}"#,
        "require: task 'triage' does not measure 'perplexity', expected one of exact_match, accuracy, "
          + "macro_f1, token_f1, normalized_match, contains, numeric_match, regex_match, rouge1, rouge2, "
          + "rougeL, rougeLsum, bleu, chrf, chrf++, json_valid, json_valid_lenient, json_schema, "
          + "assertions, pass_at_k"
      ),
      (
        #"{\#(task), "require": [{"task": "triage"}]}"#,
        "require[0].task: the rule has no bound"
      ),
      (
        #"{\#(task), "require": [{"task": "triage", "min_gain": 0}]}"#,
        "require[0].min_gain: a gain is measured against something"
      ),
      (
        #"{\#(task), "require": [{"task": "triage", "versus": "base", "min_gain": 0}]}"#,
        "require[0].versus: 'base' is no input, expected 'baseline' or 'champion'"
      ),
      (
        #"{\#(task), "require": [{"task": "triage", "versus": "baseline"}]}"#,
        "require[0].versus: the comparison has no bound"
      ),
      (
        #"{"tasks": [{"name": "a", "regexes_to_ignore": ["[0-9]"]}], "require": [{"task": "a", "min": 1}]}"#,
        "tasks[0].regexes_to_ignore: '[0-9]' is more than a text, a text at the end ('\\.$') or "
          + "everything through a text ('(?s).*#### ')"
      ),
      (
        #"{"tasks": [{"name": "a"}, {"name": "a"}], "require": [{"task": "a", "min": 1}]}"#,
        "tasks: two tasks are named 'a'"
      ),
    ])
  func problems(json: String, message: String) throws {
    let found = try Self.diagnostics(json)
    #expect(found.contains(message), "\(found)")
  }

  @Test("the baseline is optional until a rule compares with it")
  func ports() throws {
    func isOptional(_ rule: String) throws -> Bool? {
      let json = #"{\#(Self.task), "require": [\#(rule)]}"#
      let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
      let read = EvalGate.read(node)
      #expect(read.diagnostics.isEmpty, "\(read.diagnostics.map(\.message))")
      return read.ports.inputs.first { $0.name == "baseline" }?.isOptional
    }
    #expect(try isOptional(#"{"task": "triage", "min": 0.5}"#) == true)
    #expect(
      try isOptional(#"{"task": "triage", "versus": "baseline", "max_drop": 0.02}"#) == false)
  }
}

/// The stage over a real small model.
@Suite(.enabled(if: SharedMaterial.models.exists, "no folder of models"))
struct EvalGateTests {
  static func model() throws -> InputArtifact {
    try StageHarness.artifact(folder: SharedMaterial.models.path("stories260k"), .model)
  }

  static func records(_ contents: [RowContent], _ folder: TemporaryFolder) throws -> InputArtifact {
    let path = try folder.makeFolder("test-\(UUID().uuidString)")
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for content in contents {
      try writer.append(Row(id: identity.next(content, []), content: content))
    }
    try writer.finish()
    return try StageHarness.artifact(folder: path, .records)
  }

  static let texts = [
    "Once upon a time, there was a little girl named Lily.", "She loved to play in the park.",
    "One day, Tim saw a big dog.", "The dog was very happy and ran to him.",
  ]

  static func run(
    _ parameters: String, _ contents: [RowContent], baseline: Bool, threads: Int = 2
  ) throws -> (StageHarness.Result, TemporaryFolder) {
    let folder = try TemporaryFolder()
    var inputs = ["candidate": try model(), "test": try records(contents, folder)]
    if baseline { inputs["baseline"] = try model() }
    var harness = StageHarness()
    harness.threads = threads
    return (try harness.run(EvalGate.self, parameters, inputs: inputs, folder: folder), folder)
  }

  static let perplexity =
    #"{"tasks": [{"name": "stories", "metric": "perplexity"}], "require": ["#

  @Test("a model passes or is refused by its perplexity, with a sentence per rule")
  func perplexityRule() throws {
    let rows = Self.texts.map { RowContent.text($0) }
    let (passed, folder) = try Self.run(
      Self.perplexity + #"{"task": "stories", "max": 100}]}"#, rows, baseline: false)
    #expect(passed.outcome == .succeeded)
    let (refused, other) = try Self.run(
      Self.perplexity + #"{"task": "stories", "max": 1.01}]}"#, rows, baseline: false)
    guard case .refused(let sentences) = refused.outcome else {
      Issue.record("the gate let it pass")
      return
    }
    #expect(sentences.count == 1 && sentences[0].hasPrefix("stories: perplexity is "))
    #expect(sentences[0].hasSuffix(" rows), above the required 1.010"))
    let verdict = try JSONDecoder().decode(
      Verdict.self,
      from: Data(try SharedMaterial.bytes(refused.outputs["verdict"]! + "/verdict.json")))
    #expect(verdict.decision == .refused && verdict.rules.map(\.sentence) == sentences)
    withExtendedLifetime((folder, other)) {}
  }

  @Test("a model does not beat itself: inconclusive, which refuses unless told otherwise")
  func inconclusive() throws {
    let rows = Self.texts.map {
      RowContent.completion(prompt: String($0.prefix(20)), completion: String($0.dropFirst(20)))
    }
    let gate =
      #"{"tasks": [{"name": "t", "max_new_tokens": 8}], "require": [{"task": "t", "versus": "baseline", "min_gain": 0}]"#
    let (refused, one) = try Self.run(gate + "}", rows, baseline: true)
    guard case .refused(let sentences) = refused.outcome else {
      Issue.record("the gate let it pass")
      return
    }
    #expect(sentences[0].contains("lies inside the interval"))
    let (warned, two) = try Self.run(gate + #", "on_inconclusive": "warn"}"#, rows, baseline: true)
    #expect(warned.outcome == .succeeded)
    #expect(
      warned.events.contains {
        if case .message(let message) = $0 { message.code == "gate.inconclusive" } else { false }
      })
    let (passed, three) = try Self.run(
      gate + #", "on_inconclusive": "pass"}"#, rows, baseline: true)
    #expect(passed.outcome == .succeeded)
    withExtendedLifetime((one, two, three)) {}
  }

  @Test("the first model of a name has no champion: rules about it pass, and say so")
  func noChampion() throws {
    let rows = Self.texts.map { RowContent.text($0) }
    let rules =
      #"{"task": "stories", "max": 100}, {"task": "stories", "versus": "champion", "max_drop": 0.1}]}"#
    let (first, folder) = try Self.run(Self.perplexity + rules, rows, baseline: false)
    #expect(first.outcome == .succeeded)
    let verdict = try JSONDecoder().decode(
      Verdict.self,
      from: Data(try SharedMaterial.bytes(first.outputs["verdict"]! + "/verdict.json")))
    #expect(
      verdict.rules.last?.sentence
        == "stories: perplexity: there is no champion yet to compare with")
    #expect(verdict.rules.count == 2 && verdict.rules.allSatisfy { $0.decision == .pass })
    withExtendedLifetime(folder) {}
  }

  @Test("the same bytes with one thread and two, and no text in scores")
  func determinism() throws {
    let rows = Self.texts.map { RowContent.text($0) }
    let rule = Self.perplexity + #"{"task": "stories", "max": 100, "confidence": 0.9}]}"#
    let results = try [1, 2].map { try Self.run(rule, rows, baseline: true, threads: $0) }
    for port in ["verdict", "scores", "report"] {
      let digests = try results.map { try $0.0.artifact(port, .files).digest }
      #expect(digests[0] == digests[1], "\(port)")
    }
    let items = try SharedMaterial.bytes(results[0].0.outputs["scores"]! + "/items.jsonl")
    #expect(items.split(separator: UInt8(ascii: "\n")).count == Self.texts.count)
    #expect(!String(decoding: items, as: UTF8.self).contains("Lily"))
    withExtendedLifetime(results) {}
  }

  @Test("preference rows are measured by the mean token log-probability of their answers")
  func preferences() throws {
    let rows = (0..<3).map { k in
      RowContent.preference(
        prompt: [Message(.user, "Once upon a time, there was")],
        chosen: [Message(.assistant, " a little girl named Lily.")],
        rejected: [Message(.assistant, " qxz vfk \(k) jjw.")])
    }
    let (result, folder) = try Self.run(
      #"{"tasks": [{"name": "p", "metric": "preference_accuracy"}], "require": [{"task": "p", "min": 1}]}"#,
      rows, baseline: false)
    #expect(result.outcome == .succeeded)
    withExtendedLifetime(folder) {}
  }
}
