/// What a `type:` of Axolotl means to `ingest`.
struct AxolotlRowType {
  /// A type of `ingest`.
  var type: String
  /// Columns with other names, in YAML.
  var columns: [(String, String)] = []
  /// The chat template that the type implies.
  var template: String?
  /// What is not the same.
  var note: String?
  /// Whether rows are written in Alpaca's prompt.
  var isAlpaca = false

  /// - Parameter stage: the kind of the stage that trains.
  /// - Returns: nil for types that are not known.
  init?(_ name: String, stage: String) {
    switch stage {
    case "dpo", "orpo", "simpo", "reward_model": self.init(preference: name)
    case "kto": self.init(unpaired: name)
    default: self.init(example: name)
    }
  }

  private init(_ type: String) { self.type = type }

  /// The part before and after the first `.` or `:`.
  private static func parts(_ name: String) -> (head: String, tail: String) {
    guard let cut = name.firstIndex(where: { ".:".contains($0) }) else { return (name, "") }
    return (String(name[..<cut]), String(name[name.index(after: cut)...]))
  }

  // MARK: - Examples

  private init?(example name: String) {
    let (head, tail) = Self.parts(name)
    switch head {
    case "chat_template": self.init("chat_template")
    case "sharegpt":
      self.init("sharegpt")
      note = "written with the chat template"
    case "completion", "pretrain", "text": self.init("completion")
    case "alpaca", "alpaca_instruct", "alpaca_chat", "alpaca_w_system", "explainchoice",
      "gpteacher",
      "oasst", "reflection", "orcamini", "jeopardy":
      self.init("alpaca")
      isAlpaca = head != "alpaca_chat" || tail.isEmpty
      columns = Self.alpacaColumns["\(head).\(tail)"] ?? Self.alpacaColumns[head] ?? []
      note = "instruction and input become one turn of the user, written with the chat template"
    default: return nil
    }
  }

  private static let alpacaColumns: [String: [(String, String)]] = [
    "alpaca_chat.load_qa": [("field_instruction", "question"), ("field_output", "answer")],
    "alpaca_chat.load_concise": [],
    "alpaca_chat.load_camel_ai": [
      ("field_instruction", "message_1"), ("field_output", "message_2"),
    ],
    "alpaca_w_system.load_open_orca": [
      ("field_system", "system_prompt"), ("field_instruction", "question"),
      ("field_output", "response"),
    ],
    "alpaca_w_system.load_open_orca_chatml": [
      ("field_system", "system_prompt"), ("field_instruction", "question"),
      ("field_output", "response"),
    ],
    "gpteacher": [("field_output", "response")],
    "oasst": [("field_instruction", "INSTRUCTION"), ("field_output", "RESPONSE")],
    "jeopardy": [("field_instruction", "question"), ("field_output", "answer")],
  ]

  // MARK: - Preferences

  private init?(preference name: String) {
    let (head, tail) = Self.parts(name)
    self.init("preference")
    switch head {
    case "chat_template", "user_defined", "bradley_terry", "orpo", "passthrough": break
    default:
      guard let template = AxolotlKeys.templates[head] else { return nil }
      self.template = template
    }
    switch tail.split(separator: ".").last.map(String.init) ?? "" {
    case "argilla":
      columns = [
        ("field_prompt", "instruction"), ("field_chosen", "chosen_response"),
        ("field_rejected", "rejected_response"),
      ]
    case "icr": columns = [("field_prompt", "input")]
    case "intel": columns = [("field_prompt", "question")]
    case "prompt_pairs", "ultra": columns = [("field_prompt", "prompt")]
    default: break
    }
  }

  private init?(unpaired name: String) {
    let (head, tail) = Self.parts(name)
    self.init("kto")
    if !["chat_template", "user_defined"].contains(head) {
      guard let template = AxolotlKeys.templates[head] else { return nil }
      self.template = template
    }
    switch tail {
    case "argilla", "argilla_chat": columns = [("field_prompt", "instruction")]
    case "intel": columns = [("field_prompt", "question")]
    default: break
    }
  }
}
