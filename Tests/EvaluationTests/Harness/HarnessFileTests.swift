import Evaluation
import Testing

@Suite struct HarnessFileTests {
  static let data = #"{"q": "1 + 1", "a": ["2", "3"], "g": 0}"# + "\n"
  static let frame = """
    task: mine
    dataset_path: json
    dataset_kwargs: { data_files: { test: data.jsonl } }
    test_split: test
    output_type: multiple_choice
    doc_to_text: "{{q}} ="
    doc_to_choice: a
    doc_to_target: g
    """

  @Test(
    "a task file that is wrong is told with line and column",
    arguments: [
      (
        "metric_list: [ { metric: accc } ]",
        "mine.yaml:9:26: error[task.wrong-value]: 'accc' is not measured for 'multiple_choice', expected one of acc, acc_norm, acc_bytes, acc_mutual_info, f1, mcc, brier_score, exact_match",
        "fix: did you mean 'acc'?"
      ),
      (
        "num_fewshots: 3",
        "mine.yaml:9:1: error[task.unknown-key]: a task has no key 'num_fewshots'",
        "fix: did you mean 'num_fewshot'?"
      ),
      (
        "num_fewshot: many",
        "mine.yaml:9:14: error[task.wrong-value]: 'num_fewshot' is 'many', expected a whole number",
        nil
      ),
      (
        "fewshot_config: { sampler: firstn }",
        "mine.yaml:9:28: error[task.wrong-value]: 'sampler' is 'firstn', expected one of default, first_n",
        "fix: did you mean 'first_n'?"
      ),
      (
        "description: \"{{ q\"",
        "mine.yaml:9:14: error[template.syntax]: the template does not render: a tag '{{' is never closed",
        nil
      ),
      (
        "process_docs: !function utils.tidy",
        "mine.yaml:9:15: error[task.python]: 'utils.tidy' is Python, which is not run",
        "fix: write it as a template; known are only utils.process_docs of hellaswag, utils.process_results_mc2 of truthfulqa_mc2, preprocess_winogrande.doc_to_text of winogrande, preprocess_winogrande.doc_to_target of winogrande, preprocess_winogrande.doc_to_choice of winogrande, preprocess_wikitext.wikitext_detokenizer of wikitext, preprocess_wikitext.process_results of wikitext, utils.pass_at_k of humaneval, utils.build_predictions of humaneval"
      ),
      (
        "filter_list: [ { name: f, filter: [ { function: lowercase } ] } ]",
        "mine.yaml:9:16: error[task.wrong-value]: a filter ends with 'take_first', and has it once",
        "fix: add '- function: take_first' at the end"
      ),
      (
        "include: other.yaml",
        "mine.yaml:9:10: error[task.wrong-value]: there is no file 'other.yaml' to include",
        "fix: put it beside 'mine.yaml'"
      ),
      (
        "include: mine.yaml",
        "mine.yaml:9:10: error[task.wrong-value]: 'mine.yaml' includes itself", nil
      ),
      (
        "doc_to_image: picture",
        "mine.yaml:9:15: error[task.unsupported]: 'doc_to_image' is not read here",
        "fix: write the task with doc_to_text, doc_to_target and doc_to_choice"
      ),
      (
        "metric_list: [ { metric: acc, aggregation: median } ]",
        "mine.yaml:9:44: error[task.wrong-value]: 'acc' is aggregated by 'mean' here, not by 'median'",
        nil
      ),
      (
        "a: [", "mine.yaml:9:4: error[yaml.unclosed-bracket]: the '[' opened here is not closed",
        nil
      ),
    ] as [(String, String, String?)])
  func wrong(_ line: String, _ message: String, _ fix: String?) throws {
    let folder = try HarnessFolder([
      "data.jsonl": Self.data, "mine.yaml": Self.frame + "\n" + line + "\n",
    ])
    let found = folder.complaints([folder.path + "/mine.yaml"])
    #expect(found.first == message)
    if let fix { #expect(found.dropFirst().first == fix) }
  }

  @Test("regular expressions are told with their own place")
  func regularExpression() throws {
    let generation = """
      task: mine
      dataset_kwargs: { data_files: { test: data.jsonl } }
      test_split: test
      doc_to_text: q
      doc_to_target: "{{a[0]}}"
      filter_list:
        - name: f
          filter:
            - { function: regex, regex_pattern: "(" }
            - { function: take_first }
      """
    let folder = try HarnessFolder(["data.jsonl": Self.data, "mine.yaml": generation])
    #expect(
      folder.complaints(["mine"]).first
        == "mine.yaml:9:43: error[regex.syntax]: the regular expression has a '(' that is not closed at character 1"
    )
  }

  @Test("an included file gives what the including one does not say; keys of the latter win")
  func include() throws {
    let folder = try HarnessFolder([
      "data.jsonl": Self.data, "base.yaml": Self.frame,
      "mine.yaml": "include: base.yaml\ntask: other\ntask_alias: o\nmetadata: { version: 2.0 }\n",
    ])
    let task = try folder.suite(["other"]).tasks[0]
    #expect(task.configuration.alias == "o")
    #expect(
      task.requests(for: 0) == [
        .continuation(context: "1 + 1 =", continuation: " 2"),
        .continuation(context: "1 + 1 =", continuation: " 3"),
      ])
    #expect(task.metrics.map(\.key) == ["acc,none", "acc_norm,none"])
  }

  @Test("tasks are found by name, tag, group and path; unknown names get the nearest")
  func names() throws {
    let folder = try HarnessFolder([
      "data.jsonl": Self.data, "mine.yaml": Self.frame + "\ntag: sums\n",
      "pair.yaml": "group: pair\ntask: [ { task: mine, num_fewshot: 0 }, sums ]\n",
    ])
    for name in ["mine", "sums", "pair", folder.path + "/mine.yaml"] {
      #expect(try folder.suite([name]).tasks.map(\.name) == ["mine"])
    }
    #expect(
      folder.complaints(["helaswag"])
        == ["error[task.unknown]: there is no task 'helaswag'", "fix: did you mean 'hellaswag'?"])
    #expect(
      folder.complaints(["mine"], data: ["hellaswag=data.jsonl"]).first
        == "error[task.wrong-data]: data is named for 'hellaswag', which is not measured")
  }
}
