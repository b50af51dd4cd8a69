package import Documents
package import Reproducibility

extension StageRequest {
  /// What the request asks for, whatever its inputs turn out to be: two requests of one shape and
  /// the same input artifacts have the same fingerprint.
  package var shape: Digest {
    Self.shape(
      kind: kind.name, version: version, parameters: parameters, inputs: Array(inputs.keys),
      files: files.map { parameter, files in (parameter, files.map { ($0.name, $0.digest.hex) }) })
  }

  /// - Parameters:
  ///   - inputs: names of ports.
  ///   - files: by parameter, the name and the SHA-256 of each in their order.
  package static func shape(
    kind: String, version: Int, parameters: JSONValue, inputs: [String],
    files: [(parameter: String, files: [(name: String, digest: String)])]
  ) -> Digest {
    let files = files.map { parameter, files in
      JSONMember(
        parameter,
        .array(files.map { .array([.string($0.name), .string($0.digest)]) }))
    }
    return Digest(
      canonical: .object([
        "format": "orchestrate.shape.1", "kind": .string(kind),
        "version": .integer(Int64(version)), "parameters": parameters,
        "inputs": .array(inputs.sorted().map { .string($0) }), "files": .object(files),
      ]))
  }
}
