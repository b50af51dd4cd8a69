package import Diagnostics
package import Documents

/// What the answers of a task are made of: `output_type`.
package enum HarnessOutput: String, Sendable, Hashable, CaseIterable {
  case multipleChoice = "multiple_choice"
  case likelihood = "loglikelihood"
  case rollingLikelihood = "loglikelihood_rolling"
  case generation = "generate_until"
}

/// A task of lm-evaluation-harness, as its YAML file says it or as it is built in.
package struct HarnessConfiguration: Sendable {
  package var task: String
  /// What tables show in place of the name.
  package var alias: String?
  /// Names that stand for several tasks.
  package var tags: [String] = []
  /// `metadata.version`, as results tell it.
  package var version: JSONValue = .null
  package var output = HarnessOutput.generation
  package var dataset = HarnessDataset()
  /// What a document goes through before all else: `process_docs`.
  package var process: (@Sendable (JSONValue) throws -> JSONValue)?
  package var text = DocumentField.constant("")
  package var target = DocumentField.constant("")
  package var choices: DocumentField?
  /// What the answer begins with: `gen_prefix`.
  package var prefix: DocumentField?
  package var description: DocumentField?
  package var targetDelimiter = " "
  package var exampleDelimiter = "\n\n"
  package var examples = HarnessExamples()
  /// `num_fewshot`; nil: none unless asked for, 0: none whatever is asked for.
  package var exampleCount: Int?
  /// `generation_kwargs`, with `repeats`.
  package var generation = CompletionSettings()
  package var metrics: [HarnessMetric] = []
  package var filters: [HarnessFilterList] = []
  package var scoring = HarnessScoring.standard
  /// Where the task is written; nil for built-in ones.
  package var span: SourceSpan?

  package init(task: String) {
    self.task = task
  }
}

/// Where documents come from: `dataset_path` and what belongs to it.
package struct HarnessDataset: Sendable, Hashable {
  /// The name on Hugging Face, or `json`.
  package var path: String?
  package var name: String?
  /// `dataset_kwargs.data_files`: paths by split.
  package var files: [String: [String]] = [:]
  /// The folder that relative paths are looked up in where the working directory has none.
  package var folder: String?
  package var trainingSplit: String?
  package var validationSplit: String?
  package var testSplit: String?
  /// What a document of a built-in task must have.
  package var fields: [String] = []
  /// What messages say of ``fields``, where these are made of other columns.
  package var fieldsInWords: String?
  /// A column whose value picks the documents of the task out of a file for several.
  package var selection: (column: String, value: String)? {
    get { selectionPair.map { ($0.column, $0.value) } }
    set { selectionPair = newValue.map { Pair(column: $0.column, value: $0.value) } }
  }

  private struct Pair: Hashable { var column, value: String }
  private var selectionPair: Pair?

  package init() {}

  /// The split that is measured.
  package var evaluatedSplit: String? { testSplit ?? validationSplit }
}

/// Where examples in the prompt come from and how they read: `fewshot_split`, `fewshot_config`.
package struct HarnessExamples: Sendable {
  package enum Sampler: String, Sendable, CaseIterable {
    /// Drawn by Python's random numbers.
    case random = "default"
    /// The first of the split.
    case first = "first_n"
  }

  package var sampler = Sampler.random
  package var split: String?
  /// Given in the task itself.
  package var samples: [JSONValue]?
  /// Where an example reads otherwise than a question.
  package var text: DocumentField?
  package var target: DocumentField?
  package var choices: DocumentField?
  package var prefix: DocumentField?
  package var targetDelimiter: String?
  package var exampleDelimiter: String?

  package init() {}
}

/// How answers become numbers.
package enum HarnessScoring: Sendable, Hashable {
  case standard
  /// TruthfulQA's MC2: the share of probability on the true choices.
  case trueMass
  /// Words and bytes are counted in the column `page`, before it is made readable.
  case wikitextPage
  /// pass@k by running the document's tests.
  case codeTests(k: [Int])
}
