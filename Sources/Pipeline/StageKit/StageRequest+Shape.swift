internal import Documents
package import Reproducibility

extension StageRequest {
  /// What the request asks for, whatever its inputs turn out to be: two requests of one shape and
  /// the same input artifacts have the same fingerprint.
  package var shape: Digest {
    let files = files.map { parameter, files in
      JSONMember(
        parameter,
        .array(files.map { .array([.string($0.name), .string($0.digest.hex)]) }))
    }
    return Digest(
      canonical: .object([
        "format": "orchestrate.shape.1", "kind": .string(kind.name),
        "version": .integer(Int64(version)), "parameters": parameters,
        "inputs": .array(inputs.keys.sorted().map { .string($0) }), "files": .object(files),
      ]))
  }
}
