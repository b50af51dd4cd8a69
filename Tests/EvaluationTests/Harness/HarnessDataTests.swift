import Documents
import Evaluation
import Parallelism
import Processes
import Testing

@Suite struct HarnessDataTests {
  static let scene =
    #"{"ctx": "Tea: A man. he", "endings": ["a", "b", "c", "d"], "label": 1}"# + "\n"
  static let worker = #"{"question": "Why?", "answer": "So.\n#### 4"}"# + "\n"

  @Test(
    "missing data is told with the file, its fields and how to get it",
    arguments: [
      (
        "hellaswag", [],
        "error[task.no-data]: task 'hellaswag' needs a file of split 'validation', with the fields activity_label, ctx_a, ctx_b (or ctx), endings, label",
        "fix: name it: --data hellaswag=FILE (JSON lines, JSON, CSV or Parquet); it is 'Rowan/hellaswag' on Hugging Face: huggingface-cli download --repo-type dataset Rowan/hellaswag --local-dir DIR"
      ),
      (
        "gsm8k", ["gsm8k=worker.jsonl"],
        "error[task.no-data]: task 'gsm8k' needs a file of split 'train' for the 5 examples in a prompt, with the fields question, answer",
        "fix: name it: --data gsm8k:train=FILE (JSON lines, JSON, CSV or Parquet); it is 'openai/gsm8k' on Hugging Face, configuration 'main': huggingface-cli download --repo-type dataset openai/gsm8k --local-dir DIR"
      ),
      (
        "piqa", ["piqa=scene.jsonl"],
        "scene.jsonl:1:1: error[task.no-field]: a document of 'piqa' has no field 'goal', expected goal, sol1, sol2, label",
        "fix: its fields are ctx, endings, label; it is 'baber/piqa' on Hugging Face: huggingface-cli download --repo-type dataset baber/piqa --local-dir DIR"
      ),
      (
        "hellaswag", ["hellaswag=none.jsonl"],
        "error[task.no-data]: 'none.jsonl' cannot be read",
        "fix: name a file of JSON lines, a JSON array, CSV or Parquet"
      ),
      (
        "hellaswag", ["hellaswag=empty.jsonl"],
        "empty.jsonl:1:1: error[source.empty]: the file is empty",
        "fix: remove it from the sources, or make it again"
      ),
      (
        "hellaswag", ["hellaswag=blank.jsonl"],
        "error[task.no-documents]: task 'hellaswag' has no documents: 'blank.jsonl' holds none",
        "fix: name the file of split 'validation'"
      ),
      (
        "humaneval", ["humaneval=scene.jsonl"],
        "error[task.no-sandbox]: task 'humaneval' runs programs that the model wrote, and nothing here can run them apart from this machine",
        ""
      ),
      (
        "mmlu_anatomy", ["mmlu_anatomy=subjects.jsonl"],
        "error[task.no-documents]: task 'mmlu_anatomy' has no documents: 'subjects.jsonl' holds none whose 'subject' is 'anatomy'",
        "fix: name the file of split 'test'"
      ),
    ] as [(String, [String], String, String)])
  func missing(_ task: String, _ data: [String], _ message: String, _ fix: String) throws {
    let folder = try HarnessFolder([
      "scene.jsonl": Self.scene, "worker.jsonl": Self.worker, "empty.jsonl": "",
      "blank.jsonl": "\n\n",
      "subjects.jsonl":
        #"{"question": "?", "choices": ["a","b","c","d"], "answer": 0, "subject": "law"}"#,
    ])
    let found = folder.complaints([task], data: data)
    #expect(found.first == message)
    #expect(found.dropFirst().joined() == fix)
  }

  @Test(
    "slices of one text a scene and of lists of answers are read as the columns of Hugging Face")
  func layouts() throws {
    let folder = try HarnessFolder([
      "scene.jsonl": Self.scene,
      "truth.jsonl":
        #"{"question": "Is it?", "best": "No", "correct": ["No", "Never"], "incorrect": ["Yes"]}"#,
      "raw.jsonl":
        #"{"question": {"stem": "Which?", "choices": [{"text": "x", "label": "A"}, {"text": "y", "label": "B"}]}, "answerKey": "B"}"#,
      "boolq.jsonl": #"{"passage": "P.", "question": "is it", "answer": true}"#,
      "mmlu.json":
        #"[{"question": " Q ", "choices": ["a","b","c","d"], "answer": "C", "subject": "anatomy"}]"#,
    ])
    func requests(_ task: String, _ file: String) throws -> [ModelRequest] {
      try folder.suite([task], data: ["\(task)=\(file)"]).tasks[0].requests(for: 0)
    }
    #expect(
      try requests("hellaswag", "scene.jsonl")[1]
        == .continuation(context: "Tea: A man. he", continuation: " b"))
    let truths = try requests("truthfulqa_mc2", "truth.jsonl")
    #expect(truths.map { TableModel.texts($0)[1] } == [" No", " Never", " Yes"])
    #expect(
      try requests("truthfulqa_mc1", "truth.jsonl").map { TableModel.texts($0)[1] }
        == [" No", " Yes"])
    #expect(
      try requests("arc_easy", "raw.jsonl").last
        == .continuation(context: "Question: Which?\nAnswer:", continuation: " y"))
    #expect(
      try requests("openbookqa", "raw.jsonl").last
        == .continuation(context: "Which?", continuation: " y"))
    #expect(
      try requests("boolq", "boolq.jsonl")[1]
        == .continuation(context: "P.\nQuestion: is it?\nAnswer:", continuation: " yes"))
    #expect(
      try requests("mmlu_anatomy", "mmlu.json")[2]
        == .continuation(
          context:
            "The following are multiple choice questions (with answers) about anatomy.\n\nQ\n"
            + "A. a\nB. b\nC. c\nD. d\nAnswer:", continuation: " C"))
  }

  @Test("a label that is no choice counts as wrong and is told; one document has no standard error")
  func edges() throws {
    let folder = try HarnessFolder([
      "scene.jsonl": #"{"ctx": "x", "endings": ["only"], "label": 7}"#
    ])
    let suite = try folder.suite(["hellaswag"], data: ["hellaswag=scene.jsonl"])
    let model = TableModel(
      other: .continuation(ContinuationMeasure(logProbability: -1, tokens: 1, isGreedy: true)))
    let results = try HarnessRun(suite).results(of: model, pool: ThreadPool(threads: 1))
    #expect(results.tasks[0].values == [0, 0] && results.tasks[0].errors == [nil, nil])
    #expect(results.json["results"]?["hellaswag"]?["acc_stderr,none"] == "N/A")
    #expect(
      suite.tasks[0].notes == [
        "hellaswag: 1 of 1 documents have a label that is none of their choices, and count as wrong"
      ])
  }

  @Test("too few documents for the examples are told, not waited for")
  func tooFewExamples() throws {
    let folder = try HarnessFolder(["worker.jsonl": Self.worker])
    #expect(
      folder.complaints(["gsm8k"], data: ["gsm8k=worker.jsonl", "gsm8k:train=worker.jsonl"]) == [
        "error[task.too-few-examples]: task 'gsm8k' draws 5 examples for a prompt from 1 documents",
        "fix: ask for fewer with --num-fewshot, or name a file with more",
      ])
  }

  @Test("code goes to the tester as prompt, answer and tests")
  func code() throws {
    struct Tester: CodeTester {
      let strength = SandboxStrength(namespaces: true, landlockABI: 3, seccomp: true)

      func verdicts(of programs: [CodeProgram]) -> [CodeVerdict] {
        programs.map {
          $0
            == CodeProgram(
              code: "def f():\n    return 1", test: "def check(c): pass\ncheck(f)", entryPoint: "f")
            ? .passed : .timedOut
        }
      }
    }
    let folder = try HarnessFolder([
      "code.jsonl":
        #"{"prompt": "def f():\n", "test": "def check(c): pass", "entry_point": "f"}"#
    ])
    var options = HarnessOptions()
    options.tester = Tester()
    let suite = try folder.suite(["humaneval"], data: ["humaneval=code.jsonl"], options: options)
    for (answer, value) in [("    return 1", 1.0), ("    return 2", 0)] {
      let model = TableModel(
        other: .completion([CompletionAnswer(text: answer, tokens: 3, ended: true)]))
      let results = try HarnessRun(suite).results(of: model, pool: ThreadPool(threads: 1))
      #expect(results.tasks[0].task.metrics.map(\.key) == ["pass@1,create_test"])
      #expect(results.tasks[0].values == [value])
    }
  }
}
