import Diagnostics
import Documents
import Records

/// How the history of a row is shown. Rules and measures, never contents.
enum RowHistoryView {
  static func lines(_ id: RowID, _ history: RowHistory) -> [String] {
    let width = history.steps.map { name($0).count }.max() ?? 0
    return ["row \(id)"]
      + history.steps.map { step in
        let name = name(step)
        let pad = String(repeating: " ", count: width - name.count)
        return "  \(name)\(pad)  \(words(step.event))"
      }
  }

  private static func name(_ step: RowHistory.Step) -> String {
    step.port.map { "\(step.stage).\($0)" } ?? step.stage
  }

  private static func words(_ event: RowHistory.Step.Event) -> String {
    switch event {
    case .read(let file, let line): "read from \(SafeText.escaped(file)):\(line)"
    case .passed(let id): "goes on as \(id)"
    case .changed(let id, let rule, let detail): "changed by \(why(rule, detail)), now \(id)"
    case .dropped(let rule, let detail): "dropped by \(why(rule, detail))"
    case .lost: "not in its outputs, and its report does not say why"
    }
  }

  private static func why(_ rule: String, _ detail: JSONValue?) -> String {
    guard let detail else { return rule }
    return "\(rule) \(JSONWriter.compact(detail))"
  }

  static func json(_ id: RowID, _ history: RowHistory) -> JSONValue {
    .object([
      "row": .string(id.description),
      "steps": .array(
        history.steps.map { step in
          var members = [
            JSONMember("stage", .string(step.stage)), JSONMember("kind", .string(step.kind)),
          ]
          if let port = step.port { members.append(JSONMember("port", .string(port))) }
          members += self.members(step.event)
          return .object(members)
        }),
    ])
  }

  private static func members(_ event: RowHistory.Step.Event) -> [JSONMember] {
    func why(_ rule: String, _ detail: JSONValue?) -> [JSONMember] {
      [JSONMember("rule", .string(rule))] + (detail.map { [JSONMember("detail", $0)] } ?? [])
    }
    switch event {
    case .read(let file, let line):
      return [
        JSONMember("event", "read"), JSONMember("file", .string(file)),
        JSONMember("line", .integer(Int64(line))),
      ]
    case .passed(let id):
      return [JSONMember("event", "passed"), JSONMember("id", .string(id.description))]
    case .changed(let id, let rule, let detail):
      return [JSONMember("event", "changed"), JSONMember("id", .string(id.description))]
        + why(rule, detail)
    case .dropped(let rule, let detail):
      return [JSONMember("event", "dropped")] + why(rule, detail)
    case .lost: return [JSONMember("event", "lost")]
    }
  }
}
