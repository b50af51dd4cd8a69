import Diagnostics
import Documents
import Records
import Testing

/// The transcriber writes what the shaper writes, or leaves the row to it.
@Suite struct RowTranscriberTests {
  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
  }

  struct Seen: Equatable {
    var hash: String
    var tail: String
    var warning: String?
  }

  static func slowly(_ line: [UInt8], _ shape: RowShape, _ columns: ColumnNames) -> Seen? {
    guard let json = try? JSONReader.parse(line, file: "x", line: 2),
      let shaped = try? RowShaper(shape, columns).row(json)
    else { return nil }
    let row = EncodedRow(shaped.content, shaped.fields)
    return Seen(
      hash: row.hash, tail: String(decoding: row.tail, as: UTF8.self), warning: shaped.warning)
  }

  static func quickly(_ line: [UInt8], _ shape: RowShape, _ columns: ColumnNames) -> Seen? {
    guard var transcriber = RowTranscriber(shape, columns) else { return nil }
    // Twice: what the first row left behind must not show in the second.
    var lines = ByteRoom()
    _ = line.withUnsafeBufferPointer { transcriber.row($0, line: 2, to: &lines) }
    let result = line.withUnsafeBufferPointer { line -> RowTranscriber.Result? in
      lines.removeAll()
      return transcriber.row(line, line: 2, to: &lines)
    }
    guard let result else { return nil }
    return Seen(
      hash: transcriber.keys(of: [result.canonical])[0].hash,
      tail: String(decoding: lines.bytes, as: UTF8.self), warning: result.warning)
  }

  static let plain: [(RowShape, String)] = [
    (
      .completion,
      #"{"text":"a\u00e9\n","id":7,"n":1.0,"m":-0,"deep":{"z":[1,2.5,{"b":1,"a":null}],"a":"x"}}"#
    ),
    (.completion, #"{"text":"","k":1e3}"#),
    (
      .chatTemplate,
      #"{"label":"x","messages":[{"role":"developer","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},"b"]},{"role":"assistant","content":null,"tool_calls":[{"id":"1","z":1,"a":2}]},{"role":"tool","content":"r","tool_call_id":"1","name":"f","aa":1,"size":2},{"role":"assistant","content":"z","weight":0}],"tools":[{"type":"function","a":1}]}"#
    ),
    (.chatTemplate, #"{"messages":[{"content":"q","role":"user"}],"system":"s"}"#),
    (.chatTemplate, #"{"messages":{"content":"q","role":"user","train":true},"system":null}"#),
    (
      .chatTemplate,
      #"{"messages":[{"role":"system","content":"q"},{"role":"assistant","content":""}],"system":"s","tools":null}"#
    ),
    (
      .sharegpt,
      #"{"system":"","conversations":[{"from":"human","value":"q\u007f"},{"from":"gpt","value":"a"}]}"#
    ),
    (.alpaca, #"{"instruction":"i","input":"x","output":"o","history":null,"k":null}"#),
    (.alpaca, #"{"output":"","instruction":"i","input":null,"system":"s"}"#),
    (.promptCompletion, #"{"prompt":"p","response":" c","a":[],"b":{}}"#),
    (.preference, #"{"question":"p","chosen":"a","rejected":"a","system":"s"}"#),
    (.preference, #"{"prompt":"p","chosen":"caf\u00e9","rejected":"cafe\u0301","messages":[1]}"#),
    (.kto, #"{"prompt":"p","completion":"c","label":1}"#),
    (
      .kto,
      #"{"prompt":[{"role":"user","content":"p"}],"completion":{"role":"assistant","content":"c"},"label":false,"é":1,"a":2}"#
    ),
  ]

  @Test("plain rows of every common shape are transcribed, to the same bytes", arguments: plain)
  func plainRows(_ shape: RowShape, _ line: String) throws {
    let slow = try #require(Self.slowly(Array(line.utf8), shape, ColumnNames()))
    #expect(Self.quickly(Array(line.utf8), shape, ColumnNames()) == slow)
  }

  static let left: [(RowShape, String)] = [
    (.completion, #"{"text":5}"#), (.completion, #"{"text":"a"} x"#), (.completion, #"["text"]"#),
    (.completion, #"{"text":"a","text":"b"}"#), (.completion, #"{"body":"a"}"#),
    (.chatTemplate, #"{"messages":[]}"#), (.chatTemplate, #"{"messages":"x"}"#),
    (.chatTemplate, #"{"messages":[{"role":"root","content":"x"}]}"#),
    (.chatTemplate, #"{"messages":[{"role":"user","content":null}]}"#),
    (.chatTemplate, #"{"messages":[{"role":"user"}]}"#),
    (.chatTemplate, #"{"messages":[{"role":"user","content":[{"type":"image"}]}]}"#),
    (.chatTemplate, #"{"messages":[{"role":"user","content":"x","train":"maybe"}]}"#),
    (.chatTemplate, #"{"messages":[{"role":"user","content":"x"}],"tools":7}"#),
    (.kto, #"{"prompt":"p","completion":"a","label":"maybe"}"#),
    (.alpaca, #"{"instruction":"i"}"#), (.preference, #"{"chosen":"a"}"#),
  ]

  @Test("a row with anything wrong is left to the shaper", arguments: left)
  func leftRows(_ shape: RowShape, _ line: String) {
    #expect(Self.quickly(Array(line.utf8), shape, ColumnNames()) == nil)
  }

  static func word(_ dice: inout Dice) -> String {
    [
      "a", "b c", "\\n", "\\u00e9", "\\ud83d\\ude00", "é", "漢", "\\\"", "\\\\", "\u{7f}", "\\u0000",
      "",
    ]
    .randomElement(using: &dice)!
  }

  static func text(_ dice: inout Dice) -> String {
    "\"" + (0..<Int.random(in: 0..<5, using: &dice)).map { _ in word(&dice) }.joined() + "\""
  }

  static func value(_ dice: inout Dice, _ depth: Int = 0) -> String {
    switch Int.random(in: 0..<(depth > 2 ? 5 : 7), using: &dice) {
    case 0: return ["null", "true", "false"].randomElement(using: &dice)!
    case 1:
      return [
        "0", "-0", "1.0", "2.50", "1e2", "-7", "123456789012345678901", "0.1", "-0.25", "0.0001",
        "0.00012", "0.00001", "-0.00009999", "-0.0", "123456789012.345", "0.123456789012345",
        "1234567890123.456", "9007199254740993.5", "0.30000000000000004", "1.5e0", "9.95",
      ].randomElement(
        using: &dice)!
    case 2, 3, 4: return text(&dice)
    case 5: return "[" + (0..<3).map { _ in value(&dice, depth + 1) }.joined(separator: ",") + "]"
    default: return object(&dice, ["z", "a", "é", "id", "ab", "content"], depth + 1)
    }
  }

  static func object(_ dice: inout Dice, _ keys: [String], _ depth: Int) -> String {
    let chosen = keys.shuffled(using: &dice).prefix(Int.random(in: 0...keys.count, using: &dice))
    return "{" + chosen.map { "\"\($0)\":\(value(&dice, depth))" }.joined(separator: ", ") + "}"
  }

  static func turn(_ dice: inout Dice) -> String {
    var members = [
      "\"role\":\"\(["user", "assistant", "gpt", "tool", "system", "root"].randomElement(using: &dice)!)\""
    ]
    members.append("\"content\":" + (Bool.random(using: &dice) ? text(&dice) : value(&dice)))
    for key in ["train", "weight", "name", "tool_calls", "aa", "d", "zz", "reasoning_content"]
    where Int.random(in: 0..<6, using: &dice) == 0 {
      members.append("\"\(key)\":\(value(&dice))")
    }
    return "{" + members.shuffled(using: &dice).joined(separator: ",") + "}"
  }

  @Test("random rows give the shaper's bytes or are left to it")
  func random() {
    var dice = Dice(state: 3)
    let columns = [
      "messages", "conversations", "system", "tools", "text", "instruction", "input", "output",
      "history", "prompt", "completion", "chosen", "rejected", "label", "source", "Quelle", "ü",
      "a",
    ]
    let shapes: [RowShape] = [
      .completion, .chatTemplate, .sharegpt, .alpaca, .promptCompletion, .preference, .kto,
    ]
    var (transcribed, right) = (0, 0)
    for _ in 0..<4000 {
      let shape = shapes.randomElement(using: &dice)!
      let needed: [String] =
        switch shape {
        case .completion: ["text"]
        case .chatTemplate: ["messages"]
        case .sharegpt: ["conversations"]
        case .alpaca: ["instruction", "output"]
        case .promptCompletion: ["prompt", "completion"]
        case .preference: ["prompt", "chosen", "rejected"]
        default: ["prompt", "completion", "label"]
        }
      let others = columns.filter { !needed.contains($0) }.shuffled(using: &dice).prefix(3)
      let members = (needed + others).shuffled(using: &dice).map { key -> String in
        let isTurns = key == "messages" || key == "conversations"
        let usual =
          isTurns
          ? "["
            + (0..<Int.random(in: 1...3, using: &dice)).map { _ in Self.turn(&dice) }
            .joined(separator: ",") + "]" : key == "label" ? "true" : Self.text(&dice)
        let isUsual = Int.random(in: 0..<8, using: &dice) > 0
        return "\"\(key)\": " + (isUsual ? usual : Self.value(&dice))
      }
      let line = Array("{\(members.joined(separator: ","))}".utf8)
      let slow = Self.slowly(line, shape, ColumnNames())
      right += slow == nil ? 0 : 1
      guard let quick = Self.quickly(line, shape, ColumnNames()) else { continue }
      transcribed += 1
      #expect(quick == slow, "\(String(decoding: line, as: UTF8.self))")
    }
    #expect(transcribed > right * 3 / 4, "\(transcribed) of \(right)")
  }

  @Test("names that Unicode could spell twice are left to the shaper")
  func names() {
    #expect(
      Self.quickly(Array(#"{"body":"a"}"#.utf8), .completion, ColumnNames([.text: "body"])) != nil)
    for name in ["Körper", "KEY", "a;b"] {
      let line = Array("{\"\(name)\":\"a\"}".utf8)
      #expect(Self.quickly(line, .completion, ColumnNames([.text: name])) == nil)
      #expect(Self.slowly(line, .completion, ColumnNames([.text: name])) != nil)
    }
  }
}
