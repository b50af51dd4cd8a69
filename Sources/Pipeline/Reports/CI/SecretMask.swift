/// Replaces values of environment variables that look like secrets wherever they stand in a text.
package struct SecretMask: Sendable {
  /// Longest first, so that no part of one is left.
  private let values: [String]

  /// Words in the names of variables whose values nobody may see.
  private static let words = [
    "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "API_KEY", "APIKEY", "ACCESS_KEY",
    "PRIVATE_KEY", "CREDENTIAL", "AUTH",
  ]
  /// Shorter values are words of the language as often as secrets.
  private static let bytesMin = 8

  package init(environment: [String: String]) {
    values = Set(
      environment.filter { name, value in
        let upper = name.uppercased()
        return value.utf8.count >= Self.bytesMin && Self.words.contains { upper.contains($0) }
      }.values
    ).sorted { ($0.utf8.count, $1) > ($1.utf8.count, $0) }
  }

  package func masked(_ text: String) -> String {
    values.reduce(text) { $0.contains($1) ? $0.replacing($1, with: "***") : $0 }
  }
}
