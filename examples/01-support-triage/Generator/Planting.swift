import Documents
import Foundation

/// Rows of `tickets.jsonl` in the order of the file, with copies and broken rows among them.
struct TicketFile {
  private(set) var lines: [[UInt8]] = []
  /// Ticket numbers that belong together: the first and its copies.
  private(set) var clusters: [[Int]] = []
  /// Line numbers of rows that no reader can accept.
  private(set) var malformed: [Int] = []
  private(set) var personal: [(ticket: Int, entity: String, text: String)] = []

  /// - Parameter count: different tickets; one in 14 gets one or two copies, and every 240th line
  ///   is broken.
  init(seed: UInt64, count: Int) {
    var draw = Draw(seed: seed, stream: "planting", 0)
    var copies = count
    var pending: [(ticket: Ticket, number: Int, text: String)] = []
    for number in 0..<count {
      let ticket = Ticket(seed: seed, stream: "ticket", number: number)
      add(ticket, number, ticket.text)
      if draw.chance(7) {
        var cluster = [number]
        for _ in 0..<(draw.chance(30) ? 2 : 1) {
          pending.append((ticket, copies, Self.copy(of: ticket.text, &draw)))
          cluster.append(copies)
          copies += 1
        }
        clusters.append(cluster)
      }
      if pending.count > 8 {
        let late = pending.remove(at: draw.below(pending.count))
        add(late.ticket, late.number, late.text)
      }
      if number % 240 == 120 {
        lines.append(Self.broken[malformed.count % Self.broken.count])
        malformed.append(lines.count)
      }
    }
    for late in pending { add(late.ticket, late.number, late.text) }
  }

  private mutating func add(_ ticket: Ticket, _ number: Int, _ text: String) {
    personal += ticket.personal.planted.map { (number, $0.entity, $0.text) }
    let label = JSONValue.string(ticket.queue.name)
    let question: JSONValue = [
      "role": "user", "content": .string(Phrases.routePrompt + "\n" + text),
    ]
    let answer: JSONValue = ["role": "assistant", "content": label]
    let row: JSONValue = [
      "messages": [question, answer], "label": label, "ticket": .integer(Int64(number)),
    ]
    lines.append(Array(JSONWriter.compact(row).utf8))
  }

  /// The same mail sent again: shouted, with other blanks and marks, or with a word at the end of
  /// a long one.
  private static func copy(of text: String, _ draw: inout Draw) -> String {
    switch draw.below(4) {
    case 0: return text.replacing(". ", with: ".  ").replacing(",", with: " ,")
    case 1: return text.replacing("Thank", with: "THANK").replacing("Please", with: "PLEASE")
    case 2 where text.split(separator: " ").count > 60: return text + " Hurry"
    default: return text
    }
  }

  /// What a crashed writer, a wrong tool or a hurried hand leaves in a file.
  private static let broken: [[UInt8]] = [
    Array(#"{"messages":[{"role":"user","content":"cut in the mid"#.utf8),
    Array(#"{'messages': [{'role': 'user', 'content': 'single quotes'}]}"#.utf8),
    Array(#"{"message":[{"role":"user","content":"a misspelt field"}],"label":"billing"}"#.utf8),
    Array(
      #"{"messages":[{"role":"user","content":null},{"role":"assistant","content":"billing"}]}"#
        .utf8),
    Array(
      #"{"messages":[{"role":"customer","content":"an unknown role"},{"role":"assistant","content":"billing"}]}"#
        .utf8),
    Array(#"{"messages":[],"label":"billing"}"#.utf8),
    Array(#"{"messages":[{"role":"user","content":"a byte "#.utf8) + [0xE9]
      + Array(#""},{"role":"assistant","content":"billing"}]}"#.utf8),
    Array(#"{"messages":"not a list","label":"billing"}"#.utf8),
    Array(#"[1, 2, 3]"#.utf8),
    Array(
      #"{"messages":[{"role":"user","content":"twice"},{"role":"assistant","content":"billing"}],"label":"billing","label":"account"}"#
        .utf8),
  ]
}
