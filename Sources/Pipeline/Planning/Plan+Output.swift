internal import Diagnostics
package import Documents
internal import Reproducibility
internal import StageKit

extension Plan {
  /// A table for people: stage, verdict, reason.
  package var table: String {
    let stageWidth = verdicts.map { $0.stage.count }.max() ?? 0
    let textWidth = verdicts.map { $0.text.count }.max() ?? 0
    var out = summary + "\n\n"
    for verdict in verdicts {
      let stage = verdict.stage.padded(to: stageWidth)
      let line = "  \(stage)  \(verdict.text.padded(to: textWidth))  \(verdict.reason)"
      out += line.trimmedEnd + "\n"
    }
    return out + estimates
  }

  /// `pipeline 'support-triage': 2 of 9 stages run, 3 more if their input changes`
  package var summary: String {
    var certain = 0
    var possible = 0
    var open = 0
    for verdict in verdicts {
      switch verdict.decision {
      case .run, .resume: certain += 1
      case .runUnlessSame: possible += 1
      case .atRunTime: open += 1
      case .cached, .refused, .blocked, .skipped, .unselected: continue
      }
    }
    let name = "pipeline '\(SafeText.escaped(spec.pipelineName))'"
    if certain + possible + open == 0 { return "\(name): nothing to run" }
    let more =
      (possible > 0 ? ", \(possible) more if their input changes" : "")
      + (open > 0 ? ", \(open) decided at run time" : "")
    return "\(name): \(certain) of \(verdicts.count) stages run\(more)"
  }

  /// The verdict of a stage with its chain, a line each.
  package func why(_ verdict: StageVerdict) -> String {
    var out = "\(verdict.stage): \(verdict.decision.text)\n"
    if verdict.chain.isEmpty {
      return verdict.reason.isEmpty ? out : out + "  \(verdict.reason)\n"
    }
    let width = verdict.chain.map(\.stage.count).max() ?? 0
    for link in verdict.chain {
      out += "  \(link.stage.padded(to: width))  \(link.reason)\n"
    }
    return out
  }

  /// The same for programs.
  package var json: JSONValue {
    .object([
      "pipeline": .string(spec.pipelineName),
      "stages": .array(verdicts.map { json(of: $0) }),
      "estimate": total.json,
    ])
  }

  package func json(of verdict: StageVerdict) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("stage", .string(verdict.stage)),
      JSONMember("kind", .string(verdict.kind.name)),
      JSONMember("verdict", .string(verdict.decision.name)),
    ]
    if verdict.isShared { members.append(JSONMember("shared", true)) }
    if case .resume(let step) = verdict.decision {
      members.append(JSONMember("step", .integer(Int64(step))))
    }
    members.append(JSONMember("reasons", .array(verdict.reasons.map { .string($0) })))
    if let because = verdict.because { members.append(JSONMember("because", .string(because))) }
    if !verdict.chain.isEmpty {
      let links = verdict.chain.map { link in
        JSONValue.object(["stage": .string(link.stage), "reason": .string(link.reason)])
      }
      members.append(JSONMember("chain", .array(links)))
    }
    if let last = verdict.estimate { members.append(JSONMember("last_time", Self.json(last))) }
    if let fingerprint = verdict.fingerprint {
      members.append(JSONMember("fingerprint", .string(fingerprint.hex)))
    }
    if !verdict.outputs.isEmpty {
      let outputs = verdict.outputs.sorted { $0.key < $1.key }
      members.append(
        JSONMember("outputs", .object(outputs.map { JSONMember($0.key, .string($0.value.hex)) })))
    }
    return .object(members)
  }
}

extension String {
  /// Followed by spaces up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  var trimmedEnd: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
