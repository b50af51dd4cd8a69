import Documents

/// What the small base reads before it learns the task: mail without labels, the shop's handbook as
/// text and as questions, and replies of both kinds. None of its tickets is in `tickets.jsonl`.
enum Corpus {
  /// Plain text rows: `count` mails, and a handbook of the same size.
  static func texts(seed: UInt64, count: Int) -> [JSONValue] {
    (0..<count).flatMap { index -> [JSONValue] in
      let ticket = Ticket(seed: seed, stream: "corpus", number: index)
      return [["text": .string(ticket.text)], ["text": .string(handbook(seed, index))]]
    }
  }

  private static func handbook(_ seed: UInt64, _ index: Int) -> String {
    var draw = Draw(seed: seed, stream: "handbook", index)
    return (0..<3).map { _ in
      let queue = draw.one(of: Queue.all)
      let matter = draw.fill(draw.one(of: queue.matters))
      let ask = draw.fill(draw.one(of: queue.asks))
      switch draw.below(4) {
      case 0: return "The \(queue.name) team acts on \(matter)."
      case 1: return "A customer who writes \(ask) is served by \(queue.name)."
      case 2: return "Send \(matter) to \(queue.name)."
      default: return "\(ask) This is for \(queue.name)."
      }
    }.joined(separator: " ")
  }

  /// Chats: a matter of the handbook and the team that acts on it.
  static func questions(seed: UInt64, count: Int) -> [JSONValue] {
    (0..<count).map { index -> JSONValue in
      var draw = Draw(seed: seed, stream: "question", index)
      let queue = draw.one(of: Queue.all)
      let matter = draw.fill(draw.one(of: draw.chance(50) ? queue.matters : queue.asks))
      let question = draw.one(of: Phrases.handbookPrompts).replacing("{matter}", with: matter)
      return [
        "messages": [
          ["role": "user", "content": .string(question)] as JSONValue,
          ["role": "assistant", "content": .string(queue.name)] as JSONValue,
        ]
      ]
    }
  }

  /// Chats: a ticket and a reply, liked or disliked with equal chance.
  static func replies(seed: UInt64, count: Int) -> [JSONValue] {
    (0..<count).map { index -> JSONValue in
      let ticket = Ticket(seed: seed, stream: "replies", number: index)
      var draw = Draw(seed: seed, stream: "reply", index)
      let reply = draw.chance(50) ? Phrases.goodReplies : Phrases.poorReplies
      let text = draw.frame(draw.one(of: reply), ticket.matter)
      let question: JSONValue = [
        "role": "user", "content": .string(Phrases.replyPrompt + "\n" + ticket.text),
      ]
      let answer: JSONValue = ["role": "assistant", "content": .string(text)]
      return ["messages": [question, answer]]
    }
  }

  /// Preference pairs over tickets of their own.
  static func pairs(seed: UInt64, count: Int) -> [JSONValue] {
    (0..<count).map { index -> JSONValue in
      let ticket = Ticket(seed: seed, stream: "pairs", number: index)
      var draw = Draw(seed: seed, stream: "pair", index)
      return [
        "prompt": .string(Phrases.replyPrompt + "\n" + ticket.text),
        "chosen": .string(draw.frame(draw.one(of: Phrases.goodReplies), ticket.matter)),
        "rejected": .string(draw.frame(draw.one(of: Phrases.poorReplies), ticket.matter)),
      ]
    }
  }
}
