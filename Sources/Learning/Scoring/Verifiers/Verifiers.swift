internal import Diagnostics
package import Documents

/// The verifiers there are.
package enum Verifiers {
  package static let all: [any Verifier.Type] = [
    NumericVerifier.self, ExactVerifier.self, ContainsVerifier.self, RegexVerifier.self,
    JSONVerifier.self, JSONSchemaVerifier.self, FormatVerifier.self, LengthVerifier.self,
    CommandVerifier.self, SumVerifier.self,
  ]

  /// How deep sums may hold sums.
  static let depthMax = 8

  /// From settings such as `{"type": "numeric", "tolerance": 0.1}`.
  ///
  /// - Throws: ``Failure`` of class `badInput`: an unknown type or option, with the nearest name, a
  ///   value that does not fit.
  package static func make(_ json: JSONValue) throws -> any Verifier { try make(json, depth: 0) }

  static func make(_ json: JSONValue, depth: Int) throws -> any Verifier {
    guard depth <= depthMax else {
      throw Diagnostic(
        "verifier.too-deep", "verifiers are nested deeper than \(depthMax) sums"
      ).failure(.badInput)
    }
    guard let name = json["type"]?.stringValue else {
      throw Diagnostic(
        "verifier.no-type", "a verifier is \(json.kindName) without 'type'",
        fix: "write type: and one of \(names)"
      ).failure(.badInput)
    }
    guard let type = all.first(where: { $0.name == name }) else {
      let near = NearestName.suggestion(for: name, among: all.map { $0.name })
      throw Diagnostic(
        "verifier.unknown-type", "there is no verifier '\(SafeText.escaped(name))'",
        fix: near.map { "did you mean '\($0)'?" } ?? "use one of \(names)"
      ).failure(.badInput)
    }
    let settings = try VerifierSettings(json, of: type, depth: depth)
    return try type.init(settings)
  }

  private static var names: String { all.map { $0.name }.joined(separator: ", ") }
}
