internal import Diagnostics
internal import Documents
internal import Records

/// Builds what a model is shown before it answers: description, examples, question.
struct HarnessPrompt {
  /// Text, or turns for the model's chat template.
  enum Context: Hashable {
    case text(String)
    case turns([Message])
  }

  let reader: DocumentReader
  let options: HarnessOptions
  let exampleCount: Int
  /// Questions have several beginnings and one ending.
  let hasBeginnings: Bool
  let pool: [HarnessDocument]
  private var sampler: ExampleSampler
  /// Examples as they read, by their place in the pool.
  private var rendered: [Int: [Part]] = [:]

  /// A turn, or a part of a text with what follows it there.
  private struct Part: Hashable {
    var role: Message.Role
    var content: String
    var delimiter = ""
  }

  private var configuration: HarnessConfiguration { reader.configuration }

  init(
    _ reader: DocumentReader, _ options: HarnessOptions, exampleCount: Int, hasBeginnings: Bool,
    pool: [HarnessDocument]
  ) {
    self.reader = reader
    self.options = options
    self.exampleCount = exampleCount
    self.hasBeginnings = hasBeginnings
    self.pool = pool
    sampler = ExampleSampler(
      task: reader.configuration.task, kind: reader.configuration.examples.sampler, pool: pool,
      seed: options.seed)
  }

  /// One context, or one for each beginning.
  mutating func contexts(_ document: HarnessDocument) throws -> [Context] {
    var parts: [Part] = []
    let description = try reader.text(configuration.description, document)
    if let system = Self.joined(options.system, description, configuration.exampleDelimiter) {
      parts.append(Part(role: .system, content: system))
    }
    // The harness compares the names of the splits, so that none and none are one.
    let examples = configuration.examples
    let isSameSplit = examples.split == configuration.dataset.testSplit
    for place in try sampler.sample(exampleCount, excluding: isSameSplit ? document : nil) {
      parts += try example(place)
    }
    let prefix = try reader.text(configuration.prefix, document)
    if options.isChat, prefix != nil {
      throw Diagnostic(
        "task.unsupported",
        "task '\(configuration.task)' begins the answer itself (gen_prefix), which is not rendered "
          + "with chat templates here",
        at: configuration.span, fix: "measure it without --apply-chat-template"
      ).failure(.badInput)
    }
    if hasBeginnings {
      return try reader.choices(document).map {
        context(parts + question($0, prefix, delimiter: ""))
      }
    }
    switch try reader.question(document) {
    case .text(let text):
      return [context(parts + question(text, prefix, delimiter: configuration.targetDelimiter))]
    case .beginning(let index):
      throw reader.wrong("doc_to_text", .integer(Int64(index)), "a text", document)
    }
  }

  private func question(_ text: String, _ prefix: String?, delimiter: String) -> [Part] {
    guard let prefix else { return [Part(role: .user, content: text)] }
    return [
      Part(role: .user, content: text, delimiter: Self.needsSpace(text, prefix) ? delimiter : ""),
      Part(role: .assistant, content: prefix),
    ]
  }

  // MARK: - Examples

  private mutating func example(_ place: Int) throws -> [Part] {
    if let known = rendered[place] { return known }
    let document = pool[place]
    let examples = configuration.examples
    let choices = try reader.choices(document, examples.choices)
    var text: String
    switch try reader.question(document, examples.text) {
    case .text(let question): text = question
    case .beginning(let index):
      guard hasBeginnings, choices.indices.contains(index) else {
        throw outside(index, choices.count, document)
      }
      text = choices[index]
    }
    let answer = try answer(document, hasBeginnings ? [] : choices)
    let prefix = try reader.text(examples.prefix ?? configuration.prefix, document)
    let delimiter = examples.targetDelimiter ?? configuration.targetDelimiter
    var parts: [Part] = []
    if answer.isEmpty {
      parts = question(text, prefix, delimiter: delimiter)
    } else {
      let isApart = prefix.map { Self.needsSpace(text, $0) } ?? true
      parts = [
        Part(role: .user, content: text, delimiter: isApart ? delimiter : ""),
        Part(
          role: .assistant, content: Self.joined(prefix, answer, " ") ?? answer,
          delimiter: examples.exampleDelimiter ?? configuration.exampleDelimiter),
      ]
    }
    rendered[place] = parts
    return parts
  }

  private func answer(_ document: HarnessDocument, _ choices: [String]) throws -> String {
    switch try reader.target(document, configuration.examples.target) {
    case .text(let text): return text
    case .index(let index):
      if choices.isEmpty { return String(index) }
      guard choices.indices.contains(index) else { throw outside(index, choices.count, document) }
      return choices[index]
    case .list(let items):
      guard case .string(let text)? = items.first else {
        throw reader.wrong(
          "the first of doc_to_target", items.first ?? .null, "a text", document)
      }
      return text
    }
  }

  private func outside(_ index: Int, _ count: Int, _ document: HarnessDocument) -> Failure {
    Diagnostic(
      "task.wrong-document",
      "task '\(configuration.task)': the example's answer is choice \(index) of \(count)",
      at: document.place
    ).failure(.badInput)
  }

  // MARK: - Joining

  private func context(_ parts: [Part]) -> Context {
    guard options.isChat else {
      return .text(parts.map { $0.content + $0.delimiter }.joined())
    }
    if options.isMultiturn { return .turns(parts.map { Message($0.role, $0.content) }) }
    var turns: [Message] = []
    var rest = parts[...]
    if let first = rest.first, first.role == .system {
      turns.append(Message(.system, first.content))
      rest.removeFirst()
    }
    var last = rest.popLast()
    last?.delimiter = ""
    let all = Array(rest) + (last.map { [$0] } ?? [])
    turns.append(Message(.user, all.map { $0.content + $0.delimiter }.joined()))
    return .turns(turns)
  }

  /// Both texts, with `delimiter` where neither has white space at the border.
  private static func joined(_ first: String?, _ second: String?, _ delimiter: String) -> String? {
    guard let first, !first.isEmpty else { return second.flatMap { $0.isEmpty ? nil : $0 } }
    guard let second, !second.isEmpty else { return first }
    return first + (needsSpace(first, second) ? delimiter : "") + second
  }

  private static func needsSpace(_ first: String, _ second: String) -> Bool {
    !first.isEmpty && !PythonText.endsWithSpace(first) && !PythonText.startsWithSpace(second)
  }
}
