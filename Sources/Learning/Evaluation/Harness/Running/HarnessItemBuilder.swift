internal import Diagnostics
internal import Documents
internal import Records

/// Makes items of documents, in order.
struct HarnessItemBuilder {
  let reader: DocumentReader
  /// Classes that labels and predictions are of, the one of labels that are no choice included.
  private(set) var classes = 1
  /// Documents whose label is none of their choices.
  private(set) var withoutGold = 0
  private var prompt: HarnessPrompt
  private let isChat: Bool
  /// Every document has several right answers, because the first has.
  private let hasList: Bool
  private let hasBeginnings: Bool

  private var configuration: HarnessConfiguration { reader.configuration }

  init(
    _ reader: DocumentReader, _ options: HarnessOptions, exampleCount: Int, first: HarnessDocument,
    pool: [HarnessDocument]
  ) throws {
    self.reader = reader
    isChat = options.isChat
    var hasBeginnings = false
    if reader.configuration.choices != nil, case .beginning = try reader.question(first) {
      hasBeginnings = true
    }
    self.hasBeginnings = hasBeginnings
    if case .list = try reader.target(first) { hasList = true } else { hasList = false }
    prompt = HarnessPrompt(
      reader, options, exampleCount: exampleCount, hasBeginnings: hasBeginnings, pool: pool)
  }

  mutating func item(_ document: HarnessDocument) throws -> HarnessItem {
    let contexts = try prompt.contexts(document)
    let target = try reader.target(document)
    var item = HarnessItem(
      document: document.json, requests: [], target: target.json, expected: .continuation)
    switch configuration.output {
    case .multipleChoice:
      let choices = try reader.choices(document)
      item.requests = try questions(contexts, choices, target, document)
      item.expected = try expected(choices, target, document)
    case .likelihood:
      item.requests = [request(contexts[0], try text(target, document))]
    case .rollingLikelihood:
      let text = try text(target, document)
      item.requests = [.text(text)]
      var counted = text
      if configuration.scoring == .wikitextPage {
        counted = document.json["page"]?.stringValue ?? text
      }
      item.expected = .words(PythonText.words(counted), bytes: counted.utf8.count)
    case .generation:
      item.requests = [.completion(contexts[0].prompt, configuration.generation)]
      item.expected = try answers(target, document)
    }
    return item
  }

  // MARK: - Requests

  private func request(_ context: HarnessPrompt.Context, _ continuation: String) -> ModelRequest {
    switch context {
    case .text(let text): .continuation(context: text, continuation: continuation)
    case .turns(let turns): .reply(to: turns, continuation: continuation)
    }
  }

  private func questions(
    _ contexts: [HarnessPrompt.Context], _ choices: [String], _ target: DocumentReader.Target,
    _ document: HarnessDocument
  ) throws -> [ModelRequest] {
    let delimiter = isChat ? "" : configuration.targetDelimiter
    var requests: [ModelRequest]
    if hasBeginnings {
      let ending = delimiter + (try text(target, document))
      requests = contexts.map { request($0, ending) }
    } else {
      requests = choices.map { request(contexts[0], delimiter + $0) }
    }
    if configuration.metrics.contains(where: { $0.name == "acc_mutual_info" }) {
      requests += choices.map { .continuation(context: "", continuation: delimiter + $0) }
    }
    return requests
  }

  // MARK: - Right answers

  private mutating func expected(
    _ choices: [String], _ target: DocumentReader.Target, _ document: HarnessDocument
  ) throws -> HarnessItem.Expected {
    if configuration.scoring == .trueMass { return try truths(choices, document) }
    var gold: [Int]
    if hasBeginnings {
      guard case .beginning(let index) = try reader.question(document) else {
        throw reader.wrong("doc_to_text", "", "a number", document)
      }
      gold = [index]
    } else {
      switch target {
      case .index(let index): gold = [index]
      case .text(let text):
        gold = [choices.firstIndex { $0.unicodeScalars.elementsEqual(text.unicodeScalars) } ?? -1]
      case .list(let items): gold = items.map { $0.integerValue ?? -1 }
      }
    }
    let isRight = gold.allSatisfy(choices.indices.contains)
    if !isRight {
      withoutGold += 1
      gold = gold.filter(choices.indices.contains)
    }
    classes = max(classes, choices.count + 1)
    return .choices(choices, gold: gold)
  }

  private func truths(_ choices: [String], _ document: HarnessDocument) throws
    -> HarnessItem.Expected
  {
    guard let labels = document.json["mc2_targets"]?["labels"]?.arrayValue,
      labels.count == choices.count
    else {
      throw reader.wrong(
        "mc2_targets.labels", document.json["mc2_targets"]?["labels"] ?? .null,
        "a number for each choice", document)
    }
    return .truths(labels.map { $0.integerValue == 1 })
  }

  private func answers(_ target: DocumentReader.Target, _ document: HarnessDocument) throws
    -> HarnessItem.Expected
  {
    if case .codeTests = configuration.scoring {
      return .tests(
        before: document.json["prompt"]?.stringValue ?? "", after: try text(target, document))
    }
    if configuration.choices != nil {
      let choices = try reader.choices(document)
      guard case .index(let index) = target, choices.indices.contains(index) else {
        throw reader.wrong("doc_to_target", target.json, "the number of a choice", document)
      }
      return .answers([choices[index]])
    }
    if hasList, case .list(let items) = target { return .answers(items.map(PythonText.string)) }
    return .answers([PythonText.string(target.json)])
  }

  private func text(_ target: DocumentReader.Target, _ document: HarnessDocument) throws -> String {
    switch target {
    case .text(let text): text
    case .index(let index): String(index)
    case .list: throw reader.wrong("doc_to_target", target.json, "a text", document)
    }
  }
}

extension HarnessPrompt.Context {
  var prompt: EvaluationPrompt {
    switch self {
    case .text(let text): .text(text)
    case .turns(let turns): .conversation(turns, tools: nil)
    }
  }
}
