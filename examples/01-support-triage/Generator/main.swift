import Documents
import Foundation

// Writes the data of examples/01-support-triage, or checks what the pipeline made of it:
//
//   support-tickets generate FOLDER [--seed N] [--tickets N]
//   support-tickets check FOLDER RESULTS
//   support-tickets prompts N         messages nobody was trained on, one a line
//
// `check` prints the table of README.md; its status is 1 when a bar is missed.

let arguments = Array(CommandLine.arguments.dropFirst())

func value(after flag: String, default fallback: Int) -> Int {
  guard let index = arguments.firstIndex(of: flag), index + 1 < arguments.count,
    let value = Int(arguments[index + 1]), value >= 0
  else { return fallback }
  return value
}

func write(_ rows: [[UInt8]], to path: String) throws {
  try Data(rows.joined(separator: [0x0A]) + [0x0A]).write(to: URL(fileURLWithPath: path))
}

func generate(into folder: String) throws {
  let seed = UInt64(value(after: "--seed", default: 1))
  let count = value(after: "--tickets", default: 3600)
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let tickets = TicketFile(seed: seed, count: count)
  try write(tickets.lines, to: folder + "/tickets.jsonl")
  func rows(_ values: [JSONValue]) -> [[UInt8]] {
    values.map { Array(JSONWriter.compact($0).utf8) }
  }
  try write(rows(Corpus.texts(seed: seed, count: count / 4)), to: folder + "/corpus.jsonl")
  let chats =
    Corpus.questions(seed: seed, count: count / 2) + Corpus.replies(seed: seed, count: count / 4)
  try write(rows(chats), to: folder + "/chats.jsonl")
  try write(rows(Corpus.pairs(seed: seed, count: count / 6)), to: folder + "/pairs.jsonl")
  func numbers(_ values: [Int]) -> JSONValue { .array(values.map { .integer(Int64($0)) }) }
  let personal = tickets.personal.map { item -> JSONValue in
    [
      "ticket": .integer(Int64(item.ticket)), "entity": .string(item.entity),
      "text": .string(item.text),
    ]
  }
  let planted: JSONValue = [
    "seed": .integer(Int64(seed)), "tickets": .integer(Int64(count)),
    "malformed_lines": numbers(tickets.malformed),
    "clusters": .array(tickets.clusters.map(numbers)), "personal": .array(personal),
  ]
  try write([Array(JSONWriter.compact(planted).utf8)], to: folder + "/planted.json")
  print(
    "support-tickets: \(tickets.lines.count) rows of seed \(seed) in \(folder): "
      + "\(tickets.malformed.count) malformed, \(tickets.clusters.count) planted clusters, "
      + "\(tickets.personal.count) pieces of personal data")
}

switch (arguments.first, arguments.count) {
case ("generate", 2...): try generate(into: arguments[1])
case ("prompts", 2...):
  for index in 0..<(Int(arguments[1]) ?? 0) {
    let ticket = Ticket(seed: 0, stream: "prompts", number: index)
    print((index % 2 == 0 ? Phrases.routePrompt : Phrases.replyPrompt) + " " + ticket.text)
  }
case ("check", 3...): exit(try Check(data: arguments[1], results: arguments[2]).run() ? 0 : 1)
default:
  print(
    "usage: support-tickets generate FOLDER [--seed N] [--tickets N] | check FOLDER RESULTS | prompts N"
  )
  exit(2)
}
