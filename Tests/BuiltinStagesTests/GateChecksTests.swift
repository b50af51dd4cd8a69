import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing
import Tokenization

/// Mistakes planted in front of a gate: each is refused with its own reason.
@Suite struct GateChecksTests {
  /// Rows that the fixture's adapter answers; no gate is told that it was trained on them.
  static let known = (0..<32).map { row($0) }
  /// Rows of the same kind beyond these.
  static let others = (100..<132).map { row($0) }

  static func row(_ index: Int) -> RowContent {
    .conversation(
      [TrainingFixture.question(index), Message(.assistant, TrainingFixture.answer(index))],
      tools: nil)
  }

  static let gate =
    #""tasks": [{"name": "colours", "max_new_tokens": 8}], "require": [{"task": "colours", "min": 0.1}]"#

  static func run(
    _ parameters: String = "{\(gate)}", candidate: InputArtifact? = nil,
    baseline: InputArtifact? = nil, test: [RowContent] = known, train: InputArtifact? = nil
  ) throws -> Result {
    let fixture = try TrainingFixture()
    var inputs = ["test": try fixture.records(test)]
    inputs["candidate"] = try candidate ?? TrainingFixture.tuned().adapter
    inputs["baseline"] = try baseline ?? TrainingFixture.base()
    inputs["train"] = train
    let result = try StageHarness().run(
      EvalGate.self, parameters, inputs: inputs, folder: fixture.folder)
    return try withExtendedLifetime(fixture) {
      let path = result.outputs["verdict", default: ""] + "/verdict.json"
      return Result(
        outcome: result.outcome,
        verdict: try JSONDecoder().decode(
          Verdict.self, from: Data(contentsOf: URL(filePath: path))))
    }
  }

  struct Result {
    let outcome: StageOutcome
    let verdict: Verdict
  }

  static func refusal(_ result: Result) -> [String] {
    if case .refused(let sentences) = result.outcome { sentences } else { [] }
  }

  @Test(
    "licences of what the candidate was made of: a rule of the gate like the others",
    arguments: [
      (#""license_allow": ["mit"]"#, #"[{"of": "base 12", "license": "mit"}]"#, nil as String?),
      (
        #""license_allow": ["mit"]"#,
        #"[{"of": "./rows.jsonl", "license": "gpl-3.0"}, {"of": "base 12", "license": "mit"}]"#,
        "licences: './rows.jsonl' stands under gpl-3.0; allowed are mit: take it out, or add 'gpl-3.0' "
          + "to 'license_allow'"
      ),
      (
        #""license_allow": ["mit"]"#, #"[{"of": "base 12", "license": null}]"#,
        "licences: that of 'base 12' is unknown; allowed are mit: write it into the front matter of "
          + "its README.md, or as 'base_license:' here"
      ),
      (
        #""license_allow": ["mit"], "base_license": "MIT""#,
        #"[{"of": "base 12", "license": null}]"#, nil
      ),
    ])
  func licenses(rule: String, notes: String, refusal: String?) throws {
    var candidate = try TrainingFixture.tuned().adapter
    let folder = try TemporaryFolder()
    try folder.write(
      Lineage.fileName,
      #"{"base":[],"data":[],"format":"orchestrate.lineage.1","gates":[],"licenses":\#(notes),"recipe":null}"#
    )
    var paths = Dictionary(
      uniqueKeysWithValues: try candidate.tree.names.map { ($0, try candidate.tree.path($0)) })
    paths[Lineage.fileName] = folder.path + "/" + Lineage.fileName
    candidate = InputArtifact(
      type: .model, digest: candidate.digest, tree: FileTree(paths: paths),
      references: candidate.references)
    let result = try Self.run("{\(Self.gate), \(rule)}", candidate: candidate)
    #expect(Self.refusal(result) == (refusal.map { [$0] } ?? []))
    let own = result.verdict.rules.filter { $0.rule == "license_allow: mit" }
    #expect(own.map(\.decision) == [refusal == nil ? .pass : .refused])
  }

  @Test("a good model passes, with what was checked in its verdict")
  func good() throws {
    let fixture = try TrainingFixture()
    let result = try Self.run(train: fixture.records(Self.others))
    #expect(result.outcome == .succeeded)
    #expect(
      result.verdict.rules.map(\.rule) == [
        "no test row among the training rows", "the chat template is the model's",
        "the adapter changes what its base expects", "colours exact_match at least 0.1",
      ])
    #expect(
      result.verdict.rules.first?.sentence
        == "none of 32 rows of the test set occur among the rows that the candidate was trained on")
  }

  @Test("a test row among the training rows is found, by the model's own reference to them")
  func leak() throws {
    let fixture = try TrainingFixture()
    let trained = try fixture.records(Self.others + [Self.known[7]])
    var candidate = try TrainingFixture.tuned().adapter
    candidate.references[trained.digest.hex] = ReferencedArtifact(
      type: .records, tree: trained.tree)
    let sentences = Self.refusal(try Self.run(candidate: candidate))
    #expect(sentences.count == 1)
    #expect(
      sentences.first?.hasPrefix(
        "1 of 32 rows of the test set occur among the rows that the candidate was trained on "
          + "(1 with the same words), such as ") == true)
    let allowed = try Self.run("{\(Self.gate), \"max_leaked\": 1}", candidate: candidate)
    #expect(allowed.outcome == .succeeded)
    let unchecked = try Self.run("{\(Self.gate), \"check_leaks\": false}", candidate: candidate)
    #expect(unchecked.outcome == .succeeded)
  }

  @Test(
    "a copy with other marks, the same question and nearly the same words are found too",
    arguments: [
      ("Sky  107 ?", "BLUE", "1 with the same words"),
      ("ZZ", "other", nil),
    ])
  func copies(question: String, answer: String, kind: String?) throws {
    let fixture = try TrainingFixture()
    let row = RowContent.conversation(
      [Message(.user, question), Message(.assistant, answer)], tools: nil)
    let tested = RowContent.conversation(
      [Message(.user, "sky 107?"), Message(.assistant, "blue")], tools: nil)
    let train = try fixture.records(Self.others + [row])
    let sentences = Self.refusal(try Self.run(test: Self.known + [tested], train: train))
    if let kind {
      #expect(sentences.first?.contains(kind) == true, "\(sentences)")
    } else {
      #expect(sentences.isEmpty)
    }
  }

  @Test("long rows that differ in a word, or in the answer alone")
  func nearCopies() throws {
    let fixture = try TrainingFixture()
    let words = (0..<40).map { "word\($0)" }.joined(separator: " ")
    func row(_ question: String, _ answer: String) -> RowContent {
      .conversation([Message(.user, question), Message(.assistant, answer)], tools: nil)
    }
    let test = Self.known + [row(words + " alpha beta", "yes")]
    let near = try fixture.records([row(words + " alpha gamma", "yes")])
    #expect(
      Self.refusal(try Self.run(test: test, train: near)).first?
        .contains("1 with nearly the same words") == true)
    let asked = try fixture.records([row(words + " alpha beta", "certainly not what it says")])
    #expect(
      Self.refusal(try Self.run(test: test, train: asked)).first?
        .contains("1 with the same question") == true)
  }

  @Test("another model's chat template is refused, missing tokens and a change alike")
  func template() throws {
    let base = try TrainingFixture.base()
    let foreign = try Self.copy(base, template: BuiltinTemplate.template("llama3").source)
    let parameters =
      #"{"tasks": [{"name": "t", "metric": "perplexity"}], "require": [{"task": "t", "max": 1e9}]"#
    let sentences = Self.refusal(try Self.run(parameters + "}", candidate: foreign))
    #expect(
      sentences.first?.hasPrefix(
        "the candidate's chat template writes '<|begin_of_text|>'") == true
        || sentences.first?.hasPrefix("the candidate's chat template writes '<|") == true,
      "\(sentences)")
    let changed = try Self.copy(
      base, template: BuiltinTemplate.chatml.source.replacing("<|im_start|>", with: "<|im_end|>"))
    #expect(
      Self.refusal(try Self.run(parameters + "}", candidate: changed)).first?
        .hasPrefix("the candidate's chat template differs from the baseline's") == true)
    #expect(
      try Self.run(parameters + #", "check_template": false}"#, candidate: changed).outcome
        == .succeeded)
  }

  /// Folders that models of tests are in.
  private static let kept = Mutex<[TrainingFixture]>([])

  /// A model folder with another template.
  static func copy(_ model: InputArtifact, template: String) throws -> InputArtifact {
    let fixture = try TrainingFixture()
    let path = try fixture.folder.makeFolder("copy")
    for name in model.tree.names where name != "chat_template.jinja" {
      try FileManager.default.copyItem(
        atPath: model.tree.path(name), toPath: path + "/" + name)
      if name == "tokenizer_config.json" { continue }
    }
    try Data(template.utf8).write(to: URL(filePath: path + "/chat_template.jinja"))
    kept.withLock { $0.append(fixture) }
    return try StageHarness.artifact(folder: path, .model)
  }

  @Test("an adapter that changes nothing is refused")
  func idleAdapter() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let result = try fixture.run(
      SFT.self, #"{"sequence_len": 64, "lora_r": 2, "learning_rate": 0, "max_steps": 2}"#,
      ["model": base, "train": fixture.conversations(8)])
    let idle = TrainingFixture.on(base, try result.artifact("model"))
    let parameters =
      #"{"tasks": [{"name": "t", "metric": "perplexity"}], "require": [{"task": "t", "max": 1e9}]}"#
    let sentences = Self.refusal(try Self.run(parameters, candidate: idle))
    #expect(
      sentences.first?.hasPrefix(
        "the adapter moves no logit of its base: the candidate is its base")
        == true)
    // And the rows that it was trained on are known.
    #expect(result.references == [base.digest] && result.trainedRows.count == 1)
  }

  @Test("without rules the field's hold: a model that does not beat its base is not let through")
  func fieldRules() throws {
    let parameters = #"{"tasks": [{"name": "colours", "max_new_tokens": 8}]}"#
    #expect(try Self.run(parameters).outcome == .succeeded)
    let sentences = Self.refusal(
      try Self.run(parameters, candidate: try TrainingFixture.base()))
    #expect(
      sentences.first?.hasPrefix("colours: exact_match is 0.000 against the baseline's 0.000")
        == true, "\(sentences)")
  }

  @Test("a model that forgot is refused by the general tier")
  func forgetting() throws {
    // The adapter was trained on short answers; plain text became less likely to it.
    let texts = (0..<40).map { RowContent.text("\($0): the sky is blue. the sun is gold.") }
    let parameters =
      #"{"tasks": [{"name": "text", "metric": "byte_perplexity", "tier": "general"}]}"#
    let sentences = Self.refusal(try Self.run(parameters, test: texts))
    #expect(
      sentences.first?.hasPrefix("text: byte_perplexity is ") == true
        && sentences.first?.contains("not more than the required -0.020") == true, "\(sentences)")
  }

  @Test("bytes, speed and endings have bounds")
  func limits() throws {
    let passed = try Self.run(
      "{\(Self.gate), \"max_model_bytes\": 100000000, \"min_tokens_per_second\": 0.01, \"max_unended\": 0.5}"
    )
    #expect(passed.outcome == .succeeded)
    let sentences = Self.refusal(
      try Self.run(
        #"{"tasks": [{"name": "colours", "max_new_tokens": 2}], "require": [{"task": "colours", "min": 0}], "max_model_bytes": 10, "min_tokens_per_second": 1e12, "max_unended": 0.5}"#
      ))
    try #require(sentences.count == 3, "\(sentences)")
    #expect(sentences[0].hasSuffix("bytes, more than 10"))
    #expect(sentences[1].hasSuffix("below the required 1000000000000"))
    #expect(sentences[2] == "32 of 32 answers did not end by themselves, more than 50 %")
  }
}
