package import Diagnostics
internal import Records

extension ExampleBuilder {
  /// Checks what goes wrong silently elsewhere: exactly one BOS, the end-of-turn token trained, the
  /// mask over answers only, and a prompt at inference with the ids it had in training.
  ///
  /// - Returns: one finding per property that does not hold; empty without a template.
  /// - Throws: ``Failure`` when the template does not render a plain conversation.
  package func selfTest() throws -> [Diagnostic] {
    guard let template else { return [] }
    let tester = ExampleBuilder(tokenizer: tokenizer, template: template)
    let messages = TemplateProbe.messages
    let row = Row(
      id: RowID(hash: String(repeating: "0", count: 32), ordinal: 0),
      content: .conversation(messages, tools: nil))
    let example = try tester.example(row)
    var findings: [Diagnostic] = []
    if let bos = tokenizer.bos, bos.id != tokenizer.eos?.id {
      let count = example.ids.count { $0 == bos.id }
      if count > 1 || count == 0 && tokenizer.postProcessor.prefix.contains(bos.id) {
        findings.append(
          Diagnostic(
            "template.bos", "a conversation begins with \(count) BOS tokens, expected 1",
            fix: "let either the template or the tokenizer write BOS"))
      }
    }
    findings += stopFindings(example)
    findings += maskFindings(example, messages)
    let prompt = try tester.promptIDs(Array(messages.prefix(3)))
    if !example.ids.starts(with: prompt) {
      findings.append(
        Diagnostic(
          "template.prompt",
          "the prompt at inference is not the beginning of the same conversation in training",
          fix: "check what the template writes for add_generation_prompt", severity: .warning))
    }
    findings += rewritingFindings(template)
    return findings
  }

  /// Templates of reasoning models leave the thoughts of earlier answers out: what a row holds there
  /// is not trained, which its author should know.
  private func rewritingFindings(_ template: ChatTemplate) -> [Diagnostic] {
    var messages = TemplateProbe.messages
    let thought = "Pomegranate ninety."
    func renders(_ messages: [Message]) -> Bool? {
      try? template.output(
        messages, tools: nil, addGenerationPrompt: false, tokenizer: tokenizer
      ).text.string.contains(thought)
    }
    messages[1].content = "<think>\n\(thought)\n</think>\n\n\(messages[1].content)"
    guard renders(messages) == false else { return [] }
    return [
      Diagnostic(
        "template.drops-reasoning",
        "the template leaves out what stands in <think> of an answer that another turn follows: it "
          + "is not trained",
        fix: "cut conversations behind the answers whose reasoning is to be learned",
        severity: .warning)
    ]
  }

  private func stopFindings(_ example: TokenExample) -> [Diagnostic] {
    let turns = trainedRuns(example)
    let stops = Set(stopTokenIDs)
    let endsOpen = turns.contains { run in
      !run.contains { stops.contains(example.ids[$0]) }
    }
    guard endsOpen else { return [] }
    return [
      Diagnostic(
        "template.no-stop", "an answer ends without a stop token that is trained",
        fix: "use a template that ends assistant turns with a control token or EOS",
        severity: .warning)
    ]
  }

  private func maskFindings(_ example: TokenExample, _ messages: [Message]) -> [Diagnostic] {
    let runs = trainedRuns(example)
    let answers = messages.filter { $0.role == .assistant }
    var findings: [Diagnostic] = []
    if runs.count != answers.count {
      findings.append(
        Diagnostic(
          "template.mask",
          "\(runs.count) parts of a conversation are trained, expected \(answers.count) answers"))
    }
    for (run, message) in zip(runs, answers) {
      let text = tokenizer.decode(run.map { example.ids[$0] }, skipSpecialTokens: true)
      if !text.contains(message.content) {
        findings.append(
          Diagnostic("template.mask", "the mask does not cover the whole of an answer"))
      }
    }
    let hidden = example.ids.indices.filter { example.labels[$0] < 0 }.map { example.ids[$0] }
    let rest = tokenizer.decode(hidden, skipSpecialTokens: true)
    for message in messages where message.role == .user && !rest.contains(message.content) {
      findings.append(Diagnostic("template.mask", "the mask covers a part of a question"))
    }
    return findings
  }

  /// Runs of positions that are trained.
  private func trainedRuns(_ example: TokenExample) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for index in example.labels.indices where example.labels[index] >= 0 {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<(index + 1)
      } else {
        runs.append(index..<(index + 1))
      }
    }
    return runs
  }
}
