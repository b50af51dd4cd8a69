package import Records

/// Writes a model's answers to conversations whose user turns are given: turn by turn, each with the
/// model's own answers before it.
package struct ConversationWriter {
  private let model: any TextModel

  package init(_ model: any TextModel) { self.model = model }

  /// A conversation to be written.
  package struct Script: Sendable {
    /// What stands before the first answer: system, perhaps earlier turns, the first question.
    package var opening: [Message]
    /// Questions after the first.
    package var followUps: [String]
    package var settings: TextSettings

    package init(_ opening: [Message], followUps: [String] = [], _ settings: TextSettings) {
      self.opening = opening
      self.followUps = followUps
      self.settings = settings
    }

    package var turns: Int { 1 + followUps.count }
  }

  /// Each script with all its answers, in order.
  ///
  /// - Parameter progress: called with the number of answers so far, over all turns.
  package func write(_ scripts: [Script], progress: (Int) throws -> Void = { _ in }) throws
    -> [[Message]]
  {
    var conversations = scripts.map(\.opening)
    var done = 0
    for turn in 0..<(scripts.map(\.turns).max() ?? 0) {
      let open = scripts.indices.filter { scripts[$0].turns > turn }
      if turn > 0 {
        for index in open {
          conversations[index].append(Message(.user, scripts[index].followUps[turn - 1]))
        }
      }
      let before = done
      let answers = try model.answers(
        to: open.map { TextRequest(conversations[$0], scripts[$0].settings) }
      ) { try progress(before + $0) }
      for (index, answer) in zip(open, answers) {
        conversations[index].append(Message(.assistant, answer.isRefused ? "" : answer.text))
      }
      done += open.count
    }
    return conversations
  }
}
