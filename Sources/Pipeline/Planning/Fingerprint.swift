package import Documents
package import Reproducibility
package import StageKit

/// The identity of a request (DESIGN §4): what a stage is asked to do, not where, when or how fast.
package enum Fingerprint {
  /// SHA-256 of the canonical JSON of kind, version, effective parameters, input artifacts by port
  /// and files by parameter. Name, order, retries and time limits are not in it.
  ///
  /// - Parameter inputs: an artifact for every port in `request.inputs`.
  package static func of(_ request: StageRequest, inputs: [String: Digest]) -> Digest {
    Digest(canonical: document(request, inputs: inputs))
  }

  /// What the fingerprint is the digest of.
  package static func document(_ request: StageRequest, inputs: [String: Digest]) -> JSONValue {
    precondition(
      inputs.keys.sorted() == request.inputs.keys.sorted(),
      "a fingerprint needs an artifact for every input")
    let files = request.files.map { parameter, files in
      JSONMember(
        parameter,
        .array(
          files.map {
            .object([
              JSONMember("name", .string($0.name)), JSONMember("sha256", .string($0.digest.hex)),
            ])
          }))
    }
    return .object([
      JSONMember("format", "orchestrate.request.1"),
      JSONMember("kind", .string(request.kind.name)),
      JSONMember("version", .integer(Int64(request.version))),
      JSONMember("parameters", request.parameters),
      JSONMember("inputs", .object(inputs.map { JSONMember($0.key, .string($0.value.hex)) })),
      JSONMember("files", .object(files)),
    ])
  }
}
