internal import Documents
internal import Reproducibility
internal import StageKit

enum Fingerprint {
  static func of(_ request: StageRequest, inputs: [String: Digest]) -> Digest {
    let files = request.files.sorted { $0.key < $1.key }.map { key, files in
      JSONMember(
        key,
        .array(
          files.map { .object(["name": .string($0.name), "sha256": .string($0.digest.hex)]) }))
    }
    return Digest(
      canonical: .object([
        "kind": .string(request.kind.name), "version": .integer(Int64(request.version)),
        "parameters": request.parameters, "files": .object(files),
        "inputs": .object(
          inputs.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value.hex)) }),
      ]))
  }
}
