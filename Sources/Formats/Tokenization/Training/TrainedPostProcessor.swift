internal import Documents

/// The post-processor of a new tokenizer: BOS before every text.
enum TrainedPostProcessor {
  /// Nil without a BOS token.
  static func json(_ bos: String?, _ special: [String]) -> JSONValue? {
    guard let bos, let id = special.firstIndex(of: bos) else { return nil }
    let name = JSONValue.string(bos)
    func token(_ type: Int64) -> JSONValue {
      .object(["SpecialToken": .object(["id": name, "type_id": .integer(type)])])
    }
    func sequence(_ id: String, _ type: Int64) -> JSONValue {
      .object(["Sequence": .object(["id": .string(id), "type_id": .integer(type)])])
    }
    return .object([
      "type": "TemplateProcessing", "single": .array([token(0), sequence("A", 0)]),
      "pair": .array([token(0), sequence("A", 0), token(1), sequence("B", 1)]),
      "special_tokens": .object([
        JSONMember(
          bos,
          .object([
            "id": name, "ids": .array([.integer(Int64(id))]), "tokens": .array([name]),
          ]))
      ]),
    ])
  }
}
