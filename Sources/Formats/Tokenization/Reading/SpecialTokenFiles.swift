internal import Documents

/// The older files beside tokenizer.json, seen as part of tokenizer_config.json.
enum SpecialTokenFiles {
  /// - Parameters:
  ///   - map: special_tokens_map.json: roles that the configuration does not name.
  ///   - added: added_tokens.json, content → id: used where the configuration has no
  ///     `added_tokens_decoder`.
  static func merge(configuration: JSONValue?, map: JSONValue?, added: JSONValue?) -> JSONValue? {
    guard map?.objectValue != nil || added?.objectValue != nil else { return configuration }
    var members = configuration?.objectValue ?? []
    for member in map?.objectValue ?? [] where configuration?[member.key]?.isNull ?? true {
      members.removeAll { $0.key == member.key }
      members.append(member)
    }
    if configuration?["added_tokens_decoder"]?.objectValue == nil,
      let tokens = added?.objectValue, !tokens.isEmpty
    {
      let roles = Set(
        members.compactMap { $0.value.stringValue ?? $0.value["content"]?.stringValue })
      let decoder = tokens.compactMap { token in
        token.value.integerValue.map { id in
          JSONMember(
            String(id),
            .object([
              "content": .string(token.key), "special": .bool(roles.contains(token.key)),
              "normalized": .bool(!roles.contains(token.key)),
            ]))
        }
      }
      members.removeAll { $0.key == "added_tokens_decoder" }
      members.append(JSONMember("added_tokens_decoder", .object(decoder)))
    }
    return .object(members)
  }
}
