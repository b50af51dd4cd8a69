/// The shape of a chat template that puts fixed text around each turn, found by rendering it.
///
/// Most templates of the field have this shape (ChatML, Llama 3, Gemma, Phi-3, Zephyr); those that
/// do more (tools, thinking) have it for plain conversations. It is what other programs' template
/// languages can be told.
package struct TurnTemplate: Sendable, Hashable {
  /// A turn: role and content.
  package typealias Turn = (role: String, content: String)

  package struct Frame: Sendable, Hashable {
    package var before: String
    package var after: String

    package init(before: String, after: String) {
      self.before = before
      self.after = after
    }
  }

  /// Text before the first turn when it is not a system turn; the beginning-of-text token is not
  /// part of it.
  package var lead: String
  /// Nil when the template refuses system turns, or puts them into the first user turn.
  package var system: Frame?
  /// What stands around the rules inside the first user turn, before its own text; nil when they
  /// have a turn of their own.
  package var systemInUser: Frame?
  package var user: Frame
  package var assistant: Frame
  /// What asks for an answer, after the last turn.
  package var generationPrompt: String

  /// Renders probes with `render` and derives the frames; nil when the template is of another
  /// shape, which a conversation of several turns rendered both ways shows.
  ///
  /// - Parameters:
  ///   - bos: the beginning-of-text token, taken off the start of renderings.
  ///   - render: turns and whether to ask for an answer → text; nil when the template refuses.
  package init?(bos: String?, render: ([Turn], Bool) -> String?) {
    let (x, y, z, s) = ("Quick question one", "First answer two", "Then what three", "Rules four")
    func text(_ turns: [Turn], _ asks: Bool) -> Substring? {
      guard let text = render(turns, asks) else { return nil }
      if let bos, !bos.isEmpty, text.hasPrefix(bos) { return text.dropFirst(bos.count) }
      return text[...]
    }
    guard let one = text([("user", x)], false), let asked = text([("user", x)], true),
      let two = text([("user", x), ("assistant", y)], false),
      // What stands before an answer is read where another turn follows: some templates write the
      // last one with a place for thoughts.
      let three = text([("user", x), ("assistant", y), ("user", z)], false),
      asked.hasPrefix(one), let (head, userAfter) = Self.around(x, one),
      let (_, tail) = Self.around(x, three), let (between, answerTail) = Self.around(y, tail),
      between.hasPrefix(userAfter), let (answerToUser, _) = Self.around(z, answerTail),
      let (_, answerAfter) = Self.around(y, two), answerToUser.hasPrefix(answerAfter)
    else { return nil }
    let userBefore = answerToUser.dropFirst(answerAfter.count)
    guard head.hasSuffix(userBefore) else { return nil }
    generationPrompt = String(asked.dropFirst(one.count))
    user = Frame(before: String(userBefore), after: String(userAfter))
    assistant = Frame(
      before: String(between.dropFirst(userAfter.count)), after: String(answerAfter))
    lead = String(head.dropLast(userBefore.count))
    if let ruled = text([("system", s), ("user", x)], false),
      let (systemBefore, ruledTail) = Self.around(s, ruled),
      let (gap, _) = Self.around(x, ruledTail), gap.hasSuffix(userBefore)
    {
      system = Frame(
        before: String(systemBefore), after: String(gap.dropLast(userBefore.count)))
    } else if let ruled = text([("system", s), ("user", x)], false),
      let (before, ruledTail) = Self.around(s, ruled), let (gap, _) = Self.around(x, ruledTail),
      before.hasPrefix(lead + userBefore)
    {
      systemInUser = Frame(
        before: String(before.dropFirst(lead.count + userBefore.count)), after: String(gap))
    }
    let long: [Turn] = [
      ("user", "a {b}"), ("assistant", "c"), ("user", "d\ne"), ("assistant", "f"), ("user", "g"),
    ]
    let takesSystem = system != nil || systemInUser != nil
    let conversations = [long] + (takesSystem ? [[("system", "h")] + long] : [])
    for turns in conversations {
      for asks in [false, true] where text(turns, asks).map(String.init) != self.text(turns, asks) {
        return nil
      }
    }
  }

  /// The rendering, without the beginning-of-text token.
  package func text(_ turns: [Turn], _ asks: Bool) -> String {
    let rules = turns.first.flatMap { $0.role == "system" ? $0.content : nil }
    var text = rules != nil && systemInUser == nil ? "" : lead
    for (index, turn) in turns.enumerated() {
      if turn.role == "system", systemInUser != nil { continue }
      let frame = turn.role == "system" ? system : turn.role == "user" ? user : assistant
      text += frame?.before ?? ""
      if let rules, let systemInUser, index == 1, turn.role == "user" {
        text += systemInUser.before + rules + systemInUser.after
      }
      text += turn.content + (frame?.after ?? "")
    }
    return asks ? text + generationPrompt : text
  }

  /// What stands before and after the first `mark` in `text`.
  private static func around(_ mark: String, _ text: Substring) -> (Substring, Substring)? {
    guard let place = text.firstRange(of: mark) else { return nil }
    return (text[..<place.lowerBound], text[place.upperBound...])
  }
}
