internal import Diagnostics
package import Documents
private import Foundation
internal import Reproducibility

// Requests and specs are written and read a thousand at a time: by hand, since Foundation's coders
// take fifty times as long. The form is theirs, and older records are read alike.

extension StageRequest {
  package var json: JSONValue {
    var members = [
      JSONMember(
        "files",
        .object(
          files.sorted { $0.key < $1.key }.map { parameter, files in
            JSONMember(parameter, .array(files.map(\.json)))
          })),
      JSONMember(
        "inputs",
        .object(inputs.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.json) })),
      JSONMember("kind", .string(kind.name)),
      JSONMember("needs", .array(needs.map { .string($0) })),
      JSONMember("outputs", .array(outputs.map(\.json))),
      JSONMember("parameters", .string(JSONWriter.compact(parameters))),
    ]
    if executor != ExecutorRequest() { members.append(.rare("executor", executor)) }
    if let condition { members.append(.rare("condition", condition)) }
    if priority != 0 { members.append(JSONMember("priority", .integer(Int64(priority)))) }
    if resources != ResourceRequest() { members.append(.rare("resources", resources)) }
    members.append(
      retry == RetryPolicy()
        ? JSONMember("retry", .object(["attempts": .integer(1), "backoffSeconds": .number(0)]))
        : .rare("retry", retry))
    if shards != 1 { members.append(JSONMember("shards", .integer(Int64(shards)))) }
    members.append(JSONMember("stage", .string(stage)))
    if let timeoutSeconds {
      members.append(JSONMember("timeoutSeconds", .number(timeoutSeconds)))
    }
    members.append(JSONMember("version", .integer(Int64(version))))
    return .object(members)
  }

  /// - Throws: ``Failure`` of class `io` when it is no request: the record is damaged.
  package init(json: JSONValue) throws {
    let read = RecordedJSON(json)
    self.init(
      stage: try read.string("stage"), kind: StageKind(try read.string("kind")),
      version: try read.integer("version"),
      parameters: try JSONReader.parse(
        Array(try read.string("parameters").utf8), file: "recorded parameters"),
      needs: try read.array("needs").map { try RecordedJSON($0).string() },
      timeoutSeconds: json["timeoutSeconds"]?.doubleValue,
      shards: json["shards"]?.integerValue ?? 1,
      executor: try json["executor"].map { try RecordedJSON($0).rare() } ?? ExecutorRequest(),
      resources: try json["resources"].map { try RecordedJSON($0).rare() } ?? ResourceRequest(),
      priority: json["priority"]?.integerValue ?? 0)
    for member in try read.object("inputs") { inputs[member.key] = try .init(json: member.value) }
    for member in try read.object("files") {
      files[member.key] = try RecordedJSON(member.value).array().map(InputFile.init(json:))
    }
    outputs = try read.array("outputs").map(Port.init(json:))
    condition = try json["condition"].map { try RecordedJSON($0).rare() }
    let policy = RecordedJSON(try read.value("retry"))
    if try policy.integer("attempts") != 1 || policy.object().count > 2 {
      retry = try policy.rare()
    }
  }
}

extension InputBinding {
  var json: JSONValue {
    switch self {
    case .stage(let name, let port):
      .object(["stage": .object(["name": .string(name), "port": .string(port)])])
    case .artifact(let digest): .object(["artifact": .object(["_0": .string(digest.hex)])])
    }
  }

  init(json: JSONValue) throws {
    if let stage = json["stage"] {
      let read = RecordedJSON(stage)
      self = .stage(name: try read.string("name"), port: try read.string("port"))
    } else {
      self = .artifact(try RecordedJSON(try RecordedJSON(json).value("artifact")).digest("_0"))
    }
  }
}

extension Port {
  var json: JSONValue {
    var members = [
      JSONMember("help", .string(help)), JSONMember("isOptional", .bool(isOptional)),
      JSONMember("name", .string(name)),
      JSONMember("types", .array(types.map { .string($0.rawValue) })),
    ]
    if let copesWithNoVersion {
      members.append(JSONMember("copesWithNoVersion", .bool(copesWithNoVersion)))
    }
    if let workspace {
      members.append(
        JSONMember(
          "workspace",
          .object(["isFolder": .bool(workspace.isFolder), "name": .string(workspace.name)])))
    }
    return .object(members)
  }

  init(json: JSONValue) throws {
    let read = RecordedJSON(json)
    self.init(
      try read.string("name"), optional: json["isOptional"]?.boolValue ?? false,
      help: try read.string("help"))
    types = try read.array("types").map { type in
      guard let type = ArtifactType(rawValue: try RecordedJSON(type).string()) else {
        throw RecordedJSON.damaged
      }
      return type
    }
    copesWithNoVersion = json["copesWithNoVersion"]?.boolValue
    if let place = json["workspace"] {
      workspace = WorkspacePath(
        name: try RecordedJSON(place).string("name"),
        isFolder: place["isFolder"]?.boolValue ?? false)
    }
  }
}

extension InputFile {
  /// Without the stamp, which belongs to one attempt.
  var json: JSONValue {
    var members = [
      JSONMember("bytes", .integer(Int64(bytes))), JSONMember("digest", .string(digest.hex)),
    ]
    if let leftOut {
      members.append(JSONMember("leftOut", .array(leftOut.map { .string($0) })))
    }
    members += [JSONMember("name", .string(name)), JSONMember("path", .string(path))]
    return .object(members)
  }

  init(json: JSONValue) throws {
    let read = RecordedJSON(json)
    self.init(
      name: try read.string("name"), path: try read.string("path"),
      digest: try read.digest("digest"), bytes: try read.integer("bytes"),
      leftOut: try json["leftOut"].map {
        try RecordedJSON($0).array().map { try RecordedJSON($0).string() }
      })
  }
}

extension JSONMember {
  /// What few records hold, as Foundation's coder writes it.
  static func rare(_ key: String, _ value: some Encodable) -> JSONMember {
    let bytes = (try? JSONEncoder().encode(value)).map(Array.init) ?? []
    guard let json = try? JSONReader.parse(bytes, file: "a value to record") else {
      preconditionFailure("'\(key)' cannot be written as JSON")
    }
    return JSONMember(key, json)
  }
}

/// Members of a record that must be there.
struct RecordedJSON {
  private let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  /// What ``JSONMember/rare(_:_:)`` has written.
  func rare<T: Decodable>() throws -> T {
    do {
      return try JSONDecoder().decode(T.self, from: Data(JSONWriter.compact(json).utf8))
    } catch { throw Self.damaged }
  }

  static var damaged: Failure {
    Diagnostic(
      "store.damaged", "a record of 'state.sqlite' cannot be read",
      fix:
        "'orchestrate verify --repair' sets it aside, 'orchestrate restore' brings a backup back"
    ).failure(.io)
  }

  private static func need<T>(_ value: T?) throws -> T {
    guard let value else { throw damaged }
    return value
  }

  func value(_ key: String) throws -> JSONValue { try Self.need(json[key]) }
  func string(_ key: String) throws -> String { try Self.need(json[key]?.stringValue) }
  func integer(_ key: String) throws -> Int { try Self.need(json[key]?.integerValue) }
  func number(_ key: String) throws -> Double { try Self.need(json[key]?.doubleValue) }
  func array(_ key: String) throws -> [JSONValue] { try Self.need(json[key]?.arrayValue) }
  func object(_ key: String) throws -> [JSONMember] { try Self.need(json[key]?.objectValue) }
  func digest(_ key: String) throws -> Digest { try Self.need(Digest(hex: try string(key))) }
  func object() throws -> [JSONMember] { try Self.need(json.objectValue) }
  func string() throws -> String { try Self.need(json.stringValue) }
  func array() throws -> [JSONValue] { try Self.need(json.arrayValue) }
}
