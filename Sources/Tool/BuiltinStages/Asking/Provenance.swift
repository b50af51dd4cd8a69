internal import Documents
internal import Evaluation
internal import Records
internal import Reproducibility

/// Where a made row comes from: its columns `synthetic` and `provenance`.
enum Provenance {
  static let flag = "synthetic"
  static let column = "provenance"

  /// Columns of a row, with what tells its origin in place of what they told before.
  ///
  /// - Parameters:
  ///   - turns: what the model was asked; told by digest.
  ///   - seed: the row it was made from.
  static func fields(
    _ fields: [JSONMember], model: JSONValue, turns: [Message], seed: RowID,
    _ more: KeyValuePairs<String, JSONValue> = [:]
  ) -> [JSONMember] {
    let asked = JSONValue.array(turns.map { [.string($0.role.rawValue), .string($0.content)] })
    let members = [
      JSONMember("teacher", model),
      JSONMember("prompt_sha256", .string(Digest(canonical: asked).hex)),
      JSONMember("seed_row", .string(seed.description)),
    ]
    return fields.filter { $0.key != flag && $0.key != column } + [
      JSONMember(flag, true),
      JSONMember(column, .object(members + more.map { JSONMember($0.key, $0.value) })),
    ]
  }

  static func isSynthetic(_ fields: [JSONMember]) -> Bool {
    fields.first { $0.key == flag }?.value == true
  }
}
