package import Documents
package import Reproducibility
package import StageKit

/// The finished result of a request, in words that mean the same in every project: no path and no
/// name of a stage.
package struct SharedResult: Sendable, Hashable {
  /// What the fingerprint is the SHA-256 of, as canonical JSON.
  package var request: JSONValue
  package var outcome: StageOutcome
  /// Artifacts by output port.
  package var outputs: [String: Digest]
  package var seconds: Double
  package var provenance: [String: String]

  package init(
    request: JSONValue, outcome: StageOutcome, outputs: [String: Digest], seconds: Double,
    provenance: [String: String]
  ) {
    self.request = request
    self.outcome = outcome
    self.outputs = outputs
    self.seconds = seconds
    self.provenance = provenance
  }

  /// That of the request (``StageRequest/shape``); nil when the request is of no known form.
  package var shape: Digest? {
    guard let kind = request["kind"]?.stringValue, let version = request["version"]?.integerValue,
      let parameters = request["parameters"], let inputs = request["inputs"]?.objectValue,
      let files = request["files"]?.objectValue
    else { return nil }
    return StageRequest.shape(
      kind: kind, version: version, parameters: parameters, inputs: inputs.map(\.key),
      files: files.map { parameter in
        (
          parameter.key,
          (parameter.value.arrayValue ?? []).map {
            ($0["name"]?.stringValue ?? "", $0["sha256"]?.stringValue ?? "")
          }
        )
      })
  }

  package var fingerprint: Digest { Digest(canonical: request) }

  private static let format = "orchestrate.shared-result.1"

  /// A line with the digest of the rest, then canonical JSON.
  var bytes: [UInt8] {
    var members: [JSONMember] = [
      JSONMember("format", .string(Self.format)), JSONMember("request", request),
      JSONMember("outputs", .object(outputs.map { JSONMember($0.key, .string($0.value.hex)) })),
      JSONMember("seconds", .number(seconds)),
      JSONMember("provenance", .object(provenance.map { JSONMember($0.key, .string($0.value)) })),
    ]
    switch outcome {
    case .succeeded: members.append(JSONMember("outcome", "succeeded"))
    case .refused(let reasons):
      members.append(JSONMember("outcome", "refused"))
      members.append(JSONMember("reasons", .array(reasons.map { .string($0) })))
    }
    let json = JSONWriter.canonical(.object(members)) + [UInt8(ascii: "\n")]
    return Array("\(Digest(of: json).hex)\n".utf8) + json
  }

  /// Nil when the bytes are damaged, or are the result of another request.
  init?(bytes: [UInt8], of fingerprint: Digest) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let rest = Array(bytes[(end + 1)...])
    guard String(decoding: bytes[..<end], as: UTF8.self) == Digest(of: rest).hex,
      let json = try? JSONReader.parse(rest, file: "shared result"),
      json["format"]?.stringValue == Self.format, let request = json["request"],
      let outputs = json["outputs"]?.objectValue, let seconds = json["seconds"]?.doubleValue
    else { return nil }
    self.request = request
    self.seconds = seconds
    self.outputs = [:]
    for output in outputs {
      guard let digest = output.value.stringValue.flatMap(Digest.init(hex:)) else { return nil }
      self.outputs[output.key] = digest
    }
    provenance = [:]
    for member in json["provenance"]?.objectValue ?? [] {
      provenance[member.key] = member.value.stringValue
    }
    switch json["outcome"]?.stringValue {
    case "succeeded": outcome = .succeeded
    case "refused":
      outcome = .refused((json["reasons"]?.arrayValue ?? []).compactMap(\.stringValue))
    default: return nil
    }
    guard self.fingerprint == fingerprint else { return nil }
  }
}
