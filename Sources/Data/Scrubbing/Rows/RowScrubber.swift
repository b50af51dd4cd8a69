package import Documents
package import Records

/// Scrubs every text of a row: content, further members of turns, and other columns.
///
/// Token rows cannot be scrubbed; they pass and are counted.
package struct RowScrubber: Sendable {
  private let scrubber: Scrubber
  private let excluded: Set<String>

  private let showsSurroundings: Bool

  /// - Parameters:
  ///   - excludedColumns: columns left as they are, for example ids.
  ///   - showsSurroundings: whether to fill ``Finding/around``.
  package init(
    _ scrubber: Scrubber, excludedColumns: [String] = [], showsSurroundings: Bool = false
  ) {
    self.scrubber = scrubber
    self.showsSurroundings = showsSurroundings
    excluded = Set(excludedColumns)
  }

  /// A row after scrubbing.
  package struct Result: Sendable {
    package var content: RowContent
    package var fields: [JSONMember]
    package var findings: [Finding]
  }

  /// One detection, without its value.
  package struct Finding: Sendable, Hashable {
    /// `text`, `messages.user`, `prompt`, `completion`, `chosen.assistant`, `columns.NAME`, …
    package var field: String
    package var entity: Entity
    package var score: Double
    package var shape: String
    /// The shape of what stands around it; empty unless asked for.
    package var around = ""
  }

  package func scrub(_ row: Row) -> Result {
    var findings: [Finding] = []
    let content = scrub(row.content, &findings)
    let fields = row.fields.map { member in
      excluded.contains(member.key)
        ? member
        : JSONMember(
          member.key,
          scrub(member.value, name: member.key, field: "columns.\(member.key)", &findings))
    }
    return Result(content: content, fields: fields, findings: findings)
  }

  private func scrub(_ content: RowContent, _ findings: inout [Finding]) -> RowContent {
    switch content {
    case .text(let text): .text(scrub(text, field: "text", &findings))
    case .conversation(let turns, let tools):
      .conversation(scrub(turns, field: "messages", &findings), tools: tools)
    case .completion(let prompt, let completion):
      .completion(
        prompt: scrub(prompt, field: "prompt", &findings),
        completion: scrub(completion, field: "completion", &findings))
    case .preference(let prompt, let chosen, let rejected):
      .preference(
        prompt: scrub(prompt, field: "prompt", &findings),
        chosen: scrub(chosen, field: "chosen", &findings),
        rejected: scrub(rejected, field: "rejected", &findings))
    case .unpaired(let prompt, let completion, let label):
      .unpaired(
        prompt: scrub(prompt, field: "prompt", &findings),
        completion: scrub(completion, field: "completion", &findings), label: label)
    case .tokens: content
    }
  }

  private func scrub(_ turns: [Message], field: String, _ findings: inout [Finding]) -> [Message] {
    turns.map { turn in
      let name = "\(field).\(turn.role.rawValue)"
      // One turn as a conversation: ``RowContent/mapTexts(_:)`` knows which members hold text.
      let mapped = RowContent.conversation([turn], tools: nil).mapTexts { text in
        scrub(text, field: name, &findings)
      }
      guard case .conversation(let scrubbed, _) = mapped else { return turn }
      return scrubbed[0]
    }
  }

  private func scrub(
    _ value: JSONValue, name: String, field: String, _ findings: inout [Finding]
  ) -> JSONValue {
    switch value {
    case .string(let text):
      .string(scrub(text, context: name + ": ", field: field, &findings))
    case .array(let items):
      .array(items.map { scrub($0, name: name, field: field, &findings) })
    case .object(let members):
      .object(
        members.map {
          JSONMember($0.key, scrub($0.value, name: $0.key, field: field, &findings))
        })
    case .null, .bool, .integer, .number: value
    }
  }

  private func scrub(
    _ text: String, context: String = "", field: String, _ findings: inout [Finding]
  ) -> String {
    let scrubbed = scrubber.scrub(text, context: context, showsSurroundings: showsSurroundings)
    for index in scrubbed.detections.indices {
      let detection = scrubbed.detections[index]
      findings.append(
        Finding(
          field: field, entity: detection.entity, score: detection.score,
          shape: scrubbed.shapes[index],
          around: showsSurroundings ? scrubbed.surroundings[index] : ""))
    }
    return scrubbed.text
  }
}
