internal import Diagnostics
internal import Records

/// Judges answers by FastChat's rules: pairs in both orders, one retry for a reply without a
/// verdict, a win only where both orders name the same answer.
///
/// ```swift
/// let judged = try Judge(model: model).compare(items) { done in … }
/// let summary = JudgeSummary(items, judged)
/// ```
package struct Judge {
  private let model: any TextModel
  private let prompt: JudgePrompt
  private let settings: TextSettings
  /// Categories whose items show the judge the right answer; nil: all that have one.
  private let referenceCategories: Set<String>?

  /// Tokens of a bare verdict, `[[A]]`.
  package static let bareTokens = 10

  /// - Parameter maxNewTokens: of a reply; nil: ``bareTokens``, or 1024 where the judge explains.
  package init(
    model: any TextModel, explains: Bool = false, maxNewTokens: Int? = nil,
    referenceCategories: Set<String>? = JudgeItem.referenceCategories
  ) {
    self.model = model
    prompt = JudgePrompt(explains: explains)
    settings = TextSettings(
      maxNewTokens: maxNewTokens ?? (explains ? 1024 : Self.bareTokens), temperature: 0)
    self.referenceCategories = referenceCategories
  }

  /// A reply, and what it was a reply to.
  package struct Reply: Sendable, Hashable {
    package var prompt: String
    package var text: String
    /// Whether the judge had to be asked twice.
    package var isRetried: Bool
  }

  /// Both orders of a pair. Nil preferences are replies without a verdict.
  package struct Comparison: Sendable, Hashable {
    /// The candidate is A.
    package var forward: Reply
    package var forwardVerdict: JudgeReply.Preference?
    /// The baseline is A.
    package var backward: Reply
    package var backwardVerdict: JudgeReply.Preference?
  }

  package struct Grade: Sendable, Hashable {
    package var reply: Reply
    package var grade: Double?
  }

  /// Items must have a baseline.
  package func compare(_ items: [JudgeItem], progress: (Int) throws -> Void = { _ in }) throws
    -> [Comparison]
  {
    let prompts = items.flatMap { item -> [[Message]] in
      let (own, other) = (item.candidate, item.baseline ?? [])
      let references = shown(item)
      return [
        prompt.comparison(own, other, references: references),
        prompt.comparison(other, own, references: references),
      ]
    }
    let replies = try ask(prompts, isGrade: false, progress) {
      JudgeReply.preference($0) != nil
    }
    return items.indices.map { index in
      let (forward, backward) = (replies[2 * index], replies[2 * index + 1])
      return Comparison(
        forward: forward, forwardVerdict: JudgeReply.preference(forward.text), backward: backward,
        backwardVerdict: JudgeReply.preference(backward.text))
    }
  }

  /// Grades the candidate's answers.
  package func grade(_ items: [JudgeItem], progress: (Int) throws -> Void = { _ in }) throws
    -> [Grade]
  {
    let prompts = items.map { prompt.grade($0.candidate, references: shown($0)) }
    return try ask(prompts, isGrade: true, progress) { JudgeReply.grade($0) != nil }.map {
      Grade(reply: $0, grade: JudgeReply.grade($0.text))
    }
  }

  private func shown(_ item: JudgeItem) -> [String] {
    guard let categories = referenceCategories else { return item.references }
    return categories.contains(item.category) ? item.references : []
  }

  /// Asks all, then once more those whose reply holds no verdict.
  private func ask(
    _ prompts: [[Message]], isGrade: Bool, _ progress: (Int) throws -> Void,
    isVerdict: (String) -> Bool
  ) throws -> [Reply] {
    let first = try model.answers(
      to: prompts.map { TextRequest($0, settings) }, progress: progress)
    let unclear = first.indices.filter { first[$0].isRefused || !isVerdict(first[$0].text) }
    let second = try model.answers(
      to: unclear.map {
        TextRequest(
          prompt.again(prompts[$0], after: first[$0].text, isGrade: isGrade), settings)
      }, progress: { _ in try progress(prompts.count) })
    var replies = prompts.indices.map {
      Reply(
        prompt: prompts[$0].last?.content ?? "", text: first[$0].isRefused ? "" : first[$0].text,
        isRetried: false)
    }
    for (index, answer) in zip(unclear, second) {
      replies[index].text = answer.isRefused ? "" : answer.text
      replies[index].isRetried = true
    }
    return replies
  }
}
