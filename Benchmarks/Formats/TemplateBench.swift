import Diagnostics
import Documents
import Foundation
import Tokenization

/// Speed of chat templates over a folder of `templates/*.jinja` and `conversations.json`: the
/// time to compile each, and renderings a second over the conversations that it renders.
///
/// A rendering begins where a peer's does: with the variables as values of its own.
func templateBench(folder: String) throws {
  let cases = try TemplateCases(folder)
  let clock = ContinuousClock()
  var (compileSeconds, renderSeconds) = (0.0, 0.0)
  var (count, renders, bytes) = (0, 0, 0)
  for file in cases.files {
    let source = try Data(contentsOf: URL(fileURLWithPath: file.path))
    let text = Array(source)
    var best = Double.infinity
    for _ in 0..<5 {
      let start = clock.now
      _ = try? ChatTemplate(bytes: text, file: file.name, date: cases.date)
      best = min(best, seconds(clock.now - start))
    }
    guard let template = try? ChatTemplate(bytes: text, file: file.name, date: cases.date) else {
      continue
    }
    let contexts = cases.contexts.map { TemplateVariables($0) }
      .filter { (try? template.render($0)) != nil }
    compileSeconds += best
    count += 1
    if contexts.isEmpty { continue }
    let start = clock.now
    var done = 0
    var elapsed = 0.0
    while elapsed < 0.15 {
      for context in contexts {
        bytes += try template.render(context).utf8.count
        done += 1
      }
      elapsed = seconds(clock.now - start)
    }
    renders += done
    renderSeconds += elapsed
    print(
      "\(file.name): compile \(format(best * 1e3, 3)) ms, "
        + "\(Int(Double(done) / elapsed)) renders/s")
  }
  print(
    "all: \(count) templates, compile \(format(compileSeconds / Double(max(1, count)) * 1e3, 3)) ms "
      + "mean, \(Int(Double(renders) / renderSeconds)) renders/s mean, "
      + "\(format(Double(bytes) / renderSeconds / 1e6, 1)) MB/s")
}

/// Renders the cases of standard input, a JSON object a line: `source`, `context`, and `now` as
/// [year, month, day, hour, minute, second]; writes `output`, or `error` and `message`, a line each.
func renderCases() throws {
  while let line = readLine() {
    let item = try JSONReader.parse(Array(line.utf8), file: "standard input")
    let now = item["now"]?.arrayValue?.compactMap { $0.integerValue.map { Int($0) } } ?? []
    let date =
      now.count == 6
      ? TemplateDate(
        year: now[0], month: now[1], day: now[2], hour: now[3], minute: now[4], second: now[5])
      : nil
    var result: JSONValue
    do {
      let template = try ChatTemplate(
        source: item["source"]?.stringValue ?? "", file: "template", date: date)
      let text = try template.render(variables: item["context"] ?? .object([]))
      result = .object(["output": .string(text)])
    } catch let failure as Failure {
      result = .object([
        "error": .string(failure.diagnostics[0].code),
        "message": .string(failure.diagnostics[0].message),
      ])
    }
    print(JSONWriter.compact(result))
  }
}

/// The material of `shared/formats/chat-templates`.
struct TemplateCases {
  var files: [(name: String, path: String)]
  var contexts: [JSONValue]
  var date: TemplateDate

  init(_ folder: String) throws {
    files = try FileManager.default.contentsOfDirectory(atPath: folder + "/templates").sorted()
      .map { ($0, folder + "/templates/" + $0) }
    let bytes = Array(
      try Data(contentsOf: URL(fileURLWithPath: folder + "/conversations.json")))
    let json = try JSONReader.parse(bytes, file: "conversations.json")
    contexts = (json["conversations"]?.objectValue ?? []).map { conversation in
      var members = conversation.value.objectValue ?? []
      for name in ["tools", "documents"] where !members.contains(where: { $0.key == name }) {
        members.append(JSONMember(name, .null))
      }
      members += json["tokens"]?.objectValue ?? []
      return .object(members)
    }
    date = TemplateDate(year: 2025, month: 3, day: 9)
  }
}

private func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

private func format(_ value: Double, _ digits: Int) -> String {
  String(format: "%.\(digits)f", value)
}
