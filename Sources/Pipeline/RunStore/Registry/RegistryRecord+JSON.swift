package import Documents
internal import Reproducibility
internal import StageKit

extension RegistryRecord {
  private static let format = "orchestrate.registry.1"

  package var json: JSONValue {
    var members = [
      JSONMember("format", .string(Self.format)), JSONMember("number", .integer(Int64(number))),
      JSONMember("previous", previous.map { .string($0.hex) } ?? .null),
      JSONMember("time", .number(time)),
    ]
    switch body {
    case .version(let registration):
      members.append(JSONMember("type", "version"))
      members += Self.members(registration)
    case .gate(let name, let version, let artifact, let verdict):
      members += [
        JSONMember("type", "gate"), JSONMember("name", .string(name)),
        JSONMember("version", .integer(Int64(version))),
        JSONMember("artifact", .string(artifact.hex)), JSONMember("verdict", Self.json(verdict)),
      ]
    case .alias(let move):
      members.append(JSONMember("type", "alias"))
      members += Self.members(move)
    }
    return .object(members)
  }

  private static func members(_ registration: Registration) -> [JSONMember] {
    let origin = registration.origin
    var from = [
      JSONMember("pipeline", .string(origin.pipeline)), JSONMember("run", .integer(origin.run)),
      JSONMember(
        "requests",
        .object(
          origin.requests.sorted { $0.key < $1.key }
            .map { JSONMember($0.key, .string($0.value.hex)) })),
    ]
    if let commit = origin.commit { from.append(JSONMember("commit", .string(commit))) }
    return [
      JSONMember("version", .integer(Int64(registration.version))),
      JSONMember("artifact", .string(registration.artifact.hex)),
      JSONMember("manifest", registration.manifest.json),
      JSONMember("code", registration.code.json), JSONMember("origin", .object(from)),
    ]
  }

  private static func members(_ move: AliasMove) -> [JSONMember] {
    var members = [
      JSONMember("name", .string(move.name)), JSONMember("alias", .string(move.alias)),
      JSONMember("version", .integer(Int64(move.version))),
      JSONMember("was", move.was.map { .integer(Int64($0)) } ?? .null),
      JSONMember("cause", .string(move.cause.rawValue)),
      JSONMember("forced", .bool(move.isForced)),
    ]
    if let reason = move.reason { members.append(JSONMember("reason", .string(reason))) }
    return members
  }

  private static func json(_ verdict: Verdict) -> JSONValue {
    .object([
      "decision": .string(verdict.decision.rawValue),
      "rules": .array(
        verdict.rules.map {
          .object([
            "rule": .string($0.rule), "decision": .string($0.decision.rawValue),
            "sentence": .string($0.sentence),
          ])
        }),
    ])
  }

  // MARK: - Reading

  /// Nil when the value is no record of a version that this program knows.
  package init?(_ json: JSONValue) {
    guard json["format"]?.stringValue == Self.format, let number = json["number"]?.integerValue,
      let time = json["time"]?.doubleValue, let body = Self.body(json)
    else { return nil }
    let previous = json["previous"]?.stringValue
    self.init(
      number: number, previous: previous.flatMap(Digest.init(hex:)), time: time, body: body)
    if previous != nil, self.previous == nil { return nil }
  }

  private static func body(_ json: JSONValue) -> Body? {
    guard let version = json["version"]?.integerValue else { return nil }
    switch json["type"]?.stringValue {
    case "version": return registration(json, version).map { .version($0) }
    case "gate":
      guard let name = json["name"]?.stringValue,
        let artifact = json["artifact"]?.stringValue.flatMap(Digest.init(hex:)),
        let verdict = json["verdict"].flatMap(verdict)
      else { return nil }
      return .gate(name: name, version: version, artifact: artifact, verdict: verdict)
    case "alias":
      guard let name = json["name"]?.stringValue, let alias = json["alias"]?.stringValue,
        let cause = json["cause"]?.stringValue.flatMap(AliasMove.Cause.init(rawValue:))
      else { return nil }
      return .alias(
        AliasMove(
          name: name, alias: alias, version: version, was: json["was"]?.integerValue,
          cause: cause, isForced: json["forced"]?.boolValue ?? false,
          reason: json["reason"]?.stringValue))
    default: return nil
    }
  }

  private static func registration(_ json: JSONValue, _ version: Int) -> Registration? {
    guard let manifest = json["manifest"].flatMap(VersionManifest.init),
      let artifact = json["artifact"]?.stringValue.flatMap(Digest.init(hex:))
    else { return nil }
    var stages: [String: Int] = [:]
    for member in json["code"]?["stages"]?.objectValue ?? [] {
      stages[member.key] = member.value.integerValue
    }
    let from = json["origin"]
    var requests: [String: Digest] = [:]
    for member in from?["requests"]?.objectValue ?? [] {
      requests[member.key] = member.value.stringValue.flatMap(Digest.init(hex:))
    }
    return Registration(
      version: version, manifest: manifest, artifact: artifact,
      code: CodeIdentity(tool: json["code"]?["tool"]?.stringValue ?? "", stages: stages),
      origin: VersionOrigin(
        pipeline: from?["pipeline"]?.stringValue ?? "",
        run: Int64(from?["run"]?.integerValue ?? 0), requests: requests,
        commit: from?["commit"]?.stringValue))
  }

  private static func verdict(_ json: JSONValue) -> Verdict? {
    guard
      let decision = json["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
    else { return nil }
    return Verdict(
      decision: decision,
      rules: (json["rules"]?.arrayValue ?? []).compactMap { rule in
        guard let text = rule["rule"]?.stringValue,
          let decision = rule["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
        else { return nil }
        return Verdict.Rule(
          rule: text, decision: decision, sentence: rule["sentence"]?.stringValue ?? "")
      })
  }
}
