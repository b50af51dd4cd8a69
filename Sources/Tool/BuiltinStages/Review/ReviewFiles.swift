internal import Documents
private import Foundation
internal import Records

/// The sample as files that people fill in, or read. They hold the contents of rows: that is what
/// the user asked for, and nothing else of the stage does.
struct ReviewFiles {
  private let rows: [Row]

  init(_ rows: [Row]) { self.rows = rows }

  func write(to folder: String) throws {
    try OutputFile.write(Array(jsonl.utf8), to: folder + "/review.jsonl")
    try OutputFile.write(Array(csv.utf8), to: folder + "/review.csv")
    try OutputFile.write(Array(html.utf8), to: folder + "/review.html")
  }

  /// A line a row: what to fill in, then the row itself, which an edit changes in place.
  private var jsonl: String {
    rows.map { row in
      let members = RowCodec.json(row).objectValue ?? []
      let line: [JSONMember] = [
        JSONMember("row", .string(row.id.description)), JSONMember("verdict", ""),
        JSONMember("reviewer", ""), JSONMember("note", ""),
      ]
      return JSONWriter.compact(.object(line + members.filter { $0.key != "id" })) + "\n"
    }.joined()
  }

  private var csv: String {
    let lines = rows.map { row in
      [row.id.description, "", "", "", Self.text(row)].map(Self.cell).joined(separator: ",")
    }
    return (["row,verdict,reviewer,note,text"] + lines).joined(separator: "\n") + "\n"
  }

  /// What a person reads: turns with their roles, then the columns.
  private static func text(_ row: Row) -> String {
    var parts = turns(row.content).map { "\($0.role): \($0.text)" }
    parts += row.fields.map { "[\($0.key)] \(fieldText($0.value))" }
    return parts.joined(separator: "\n")
  }

  private static func fieldText(_ value: JSONValue) -> String {
    value.stringValue ?? JSONWriter.compact(value)
  }

  private static func turns(_ content: RowContent) -> [(role: String, text: String)] {
    func list(_ messages: [Message], _ prefix: String = "") -> [(role: String, text: String)] {
      messages.map { message in
        let extra =
          message.extra.isEmpty ? "" : "\n" + JSONWriter.compact(.object(message.extra))
        return (prefix + message.role.rawValue, message.content + extra)
      }
    }
    switch content {
    case .text(let text): return [("text", text)]
    case .completion(let prompt, let completion):
      return [("prompt", prompt), ("completion", completion)]
    case .conversation(let messages, let tools):
      return list(messages) + (tools.map { [("tools", JSONWriter.compact($0))] } ?? [])
    case .preference(let prompt, let chosen, let rejected):
      return list(prompt) + list(chosen, "chosen ") + list(rejected, "rejected ")
    case .unpaired(let prompt, let completion, let label):
      return list(prompt) + list(completion) + [("label", label ? "true" : "false")]
    case .tokens(let ids, _): return [("tokens", "\(ids.count) token ids")]
    }
  }

  /// A quoted cell. Text that a spreadsheet would take for a formula begins with an apostrophe.
  private static func cell(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    return "\"" + (isFormula ? "'" : "") + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }

  /// One page with everything in it; it asks for nothing from anywhere.
  private var html: String {
    let items = rows.enumerated().map { index, row in
      let turns = Self.turns(row.content).map {
        "<p><b>\(Self.escaped($0.role))</b></p><pre>\(Self.escaped($0.text))</pre>"
      }
      let fields = row.fields.map {
        "<li>\(Self.escaped($0.key)): \(Self.escaped(Self.fieldText($0.value)))</li>"
      }
      return """
        <section data-row="\(row.id)"><h2>\(index + 1) of \(rows.count)</h2>
        \(turns.joined(separator: "\n"))
        \(fields.isEmpty ? "" : "<ul>\(fields.joined())</ul>")
        <label><input type="radio" name="v\(index)" value="accept"> accept</label>
        <label><input type="radio" name="v\(index)" value="reject"> reject</label>
        <input class="note" placeholder="note"></section>
        """
    }
    return Self.head + items.joined(separator: "\n") + "\n" + Self.foot
  }

  private static let head = """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>Review</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }
    section { border-top: 1px solid #bbb; padding: 1em 0 } h2 { font-size: 1em; color: #666 }
    pre { white-space: pre-wrap; background: #f4f4f4; padding: .6em; margin: .2em 0 }
    p { margin: .6em 0 0 } label { margin-right: 1.5em } .note { width: 20em }
    </style></head><body>
    <h1>Review</h1>
    <p><label>Reviewer <input id="reviewer"></label> <button id="save">Save verdicts</button></p>

    """

  private static let foot = """
    <script>
    document.getElementById("save").onclick = () => {
      const reviewer = document.getElementById("reviewer").value
      const lines = []
      for (const item of document.querySelectorAll("section")) {
        const verdict = item.querySelector("input[type=radio]:checked")
        if (verdict) lines.push(JSON.stringify({ row: item.dataset.row, verdict: verdict.value,
          reviewer, note: item.querySelector(".note").value }) + "\\n")
      }
      const link = document.createElement("a")
      link.href = URL.createObjectURL(new Blob(lines))
      link.download = "verdicts.jsonl"
      link.click()
    }
    </script></body></html>

    """
}
