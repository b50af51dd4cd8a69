import BuiltinStages
import Diagnostics
import Documents
import Foundation
import StageKit
import TestSupport
import Testing

/// The stage that measures, and tasks of the harness in it and in gates.
@Suite(.enabled(if: SharedMaterial.models.exists, "no folder of models"))
struct EvaluateStageTests {
  static let questions = (0..<6).map { index in
    #"{"id": "\#(index)", "question": "What did Lily see in the park?", "choices": {"text": ["a big dog", "qqq zzz", "xx", "wwww"], "label": ["A", "B", "C", "D"]}, "answerKey": "A"}"#
  }.joined(separator: "\n")

  static func run<S: Stage>(
    _ stage: S.Type, _ parameters: String, port: String, baseline: Bool = false,
    files: [String: String] = [:]
  ) throws -> (StageHarness.Result, TemporaryFolder) {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    let model = try EvalGateTests.model()
    var inputs = [port: model]
    if baseline { inputs["baseline"] = model }
    return (try StageHarness().run(stage, parameters, inputs: inputs, folder: folder), folder)
  }

  static func scores(_ result: StageHarness.Result) throws -> [JSONValue] {
    let bytes = try SharedMaterial.bytes(result.outputs["scores", default: ""] + "/scores.json")
    return try JSONReader.parse(Array(bytes), file: "scores.json")["scores"]?.arrayValue ?? []
  }

  @Test(
    "a harness task and a task on rows are measured side by side, each score with a fingerprint")
  func evaluates() throws {
    let parameters =
      #"{"tasks": [{"task": "arc_easy", "data": "arc.jsonl"}, {"name": "text", "metric": "perplexity", "metrics": ["byte_perplexity"], "data": "texts.jsonl"}]}"#
    let (result, folder) = try Self.run(
      Evaluate.self, parameters, port: "model",
      files: [
        "arc.jsonl": Self.questions,
        "texts.jsonl": EvalGateTests.texts.map { #"{"text": "\#($0)"}"# }.joined(separator: "\n"),
      ])
    #expect(result.outcome == .succeeded)
    let scores = try Self.scores(result)
    #expect(
      scores.map { "\($0["task"]?.stringValue ?? "") \($0["metric"]?.stringValue ?? "")" } == [
        "arc_easy acc", "arc_easy acc_norm", "text perplexity", "text byte_perplexity",
      ])
    #expect(scores[0]["rows"]?.integerValue == 6)
    #expect(scores[0]["stderr"]?.doubleValue == 0)
    let prints = scores.map { $0["fingerprint"]?.stringValue ?? "" }
    #expect(prints.allSatisfy { $0.count == 64 })
    #expect(prints[0] == prints[1] && prints[1] != prints[2])
    let report = try SharedMaterial.bytes(result.outputs["report", default: ""] + "/report.md")
    #expect(String(decoding: report, as: UTF8.self).hasPrefix("# Evaluation\n"))
    withExtendedLifetime(folder) {}
  }

  @Test("rules of a gate are about the harness' metrics, by name or key")
  func gates() throws {
    func gate(_ rule: String) -> String {
      #"{"tasks": [{"task": "arc_easy", "data": "arc.jsonl"}], "require": [\#(rule)]}"#
    }
    let files = ["arc.jsonl": Self.questions]
    for rule in [
      #"{"task": "arc_easy", "min": 0}"#, #"{"task": "arc_easy", "metric": "acc_norm", "min": 0}"#,
      #"{"task": "arc_easy", "metric": "acc,none", "max": 1}"#,
    ] {
      let (result, folder) = try Self.run(
        EvalGate.self, gate(rule), port: "candidate", files: files)
      #expect(result.outcome == .succeeded, "\(rule)")
      withExtendedLifetime(folder) {}
    }
    do {
      _ = try Self.run(
        EvalGate.self, gate(#"{"task": "arc_easy", "metric": "acc_nrm", "min": 0}"#),
        port: "candidate", files: files)
      Issue.record("a rule about nothing ran")
    } catch let failure as Failure {
      #expect(
        failure.diagnostics.map(\.message) == [
          "task 'arc_easy' does not measure 'acc_nrm', expected one of acc; acc_norm"
        ])
      #expect(failure.diagnostics.first?.fix == "did you mean 'acc_norm'?")
    }
    // The field's rule for general knowledge: 2 points.
    let (result, folder) = try Self.run(
      EvalGate.self,
      #"{"tasks": [{"task": "arc_easy", "data": "arc.jsonl"}], "on_inconclusive": "pass"}"#,
      port: "candidate", baseline: true, files: files)
    #expect(result.outcome == .succeeded)
    let verdict = try JSONDecoder().decode(
      Verdict.self,
      from: Data(try SharedMaterial.bytes(result.outputs["verdict", default: ""] + "/verdict.json"))
    )
    #expect(
      verdict.rules.map(\.rule).last
        == "arc_easy acc better than the baseline by more than -0.02 (confidence 0.95); default rule: "
        + "not 2 points worse at general tasks")
    withExtendedLifetime(folder) {}
  }

  @Test(
    "entries that cannot be measured are refused before anything runs",
    arguments: [
      (
        #"{"tasks": [{"task": "hellaswg", "data": "x.jsonl"}]}"#,
        "tasks[0].task: there is no built-in task 'hellaswg'"
      ),
      (
        #"{"tasks": [{"task": "hellaswag"}]}"#,
        "tasks[0].data: task 'hellaswag' needs its documents, which are not downloaded"
      ),
      (
        #"{"tasks": [{"name": "a", "num_fewshot": 3}]}"#,
        "tasks[0].task: settings of a harness task, and no task"
      ),
      (#"{"tasks": [{"metric": "perplexity"}]}"#, "tasks[0].name: the task has no name"),
      (
        #"{"tasks": [{"name": "a", "tier": "canry"}]}"#,
        "tasks[0].tier: 'canry' is none of held_out, ood, general, canary"
      ),
      (
        #"{"tasks": [{"name": "a", "metrics": ["perplexity"]}]}"#,
        "tasks[0].metrics: 'perplexity' is not measured with 'exact_match', expected one of "
          + "exact_match, accuracy, macro_f1, token_f1, normalized_match, contains, numeric_match, "
          + "regex_match, rouge1, rouge2, rougeL, rougeLsum, bleu, chrf, chrf++, json_valid, "
          + "json_valid_lenient, json_schema, assertions, pass_at_k"
      ),
    ])
  func problems(json: String, message: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    let found = Evaluate.read(node).diagnostics.map(\.message)
    #expect(found.contains(message), "\(found)")
  }
}
