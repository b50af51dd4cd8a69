internal import Diagnostics
private import Glibc

/// The key of an endpoint: read from an environment variable, held in memory, sent in a header, and
/// taken out of every text that comes back.
package struct EndpointKey: Sendable {
  /// The variable's name; the value has no accessor and no description.
  package let variable: String
  private let header: String
  private let value: String

  /// - Parameters:
  ///   - header: `Authorization` sends `Bearer` and the key; any other header the key alone.
  /// - Throws: ``Failure`` of class `badInput` when the variable is not set, or its value cannot be
  ///   sent in a header.
  package init(
    variable: String, header: String = "Authorization", environment: [String: String]? = nil
  ) throws {
    let found = environment.map { $0[variable] } ?? getenv(variable).map { String(cString: $0) }
    let shown = SafeText.escaped(variable)
    guard let found, !found.isEmpty else {
      throw Diagnostic(
        "endpoint.no-key", "the environment variable '\(shown)' of 'api_key_env' is not set",
        fix: "type 'export \(shown)=…' before orchestrate, or leave out 'api_key_env'"
      ).failure(.badInput)
    }
    // A key read from a file often brings the file's last line feed.
    var scalars = found.unicodeScalars[...]
    while let last = scalars.last, " \t\r\n".unicodeScalars.contains(last) { scalars.removeLast() }
    guard !scalars.isEmpty, scalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
      throw Diagnostic(
        "endpoint.key",
        "the environment variable '\(shown)' holds what no key can: spaces, line "
          + "feeds or characters beyond ASCII",
        fix: "set it to the key alone"
      ).failure(.badInput)
    }
    self.variable = variable
    self.header = header
    value = String(scalars)
  }

  /// What a request is signed with.
  var headerLine: String {
    header.lowercased() == "authorization" ? "\(header): Bearer \(value)" : "\(header): \(value)"
  }

  static let mark = "[redacted]"
  static let bytesMin = 8

  /// `text` without the key, whether as it is, percent-encoded or escaped as JSON may. A key of
  /// fewer than ``bytesMin`` bytes, such as the `EMPTY` that local servers want, is no secret.
  package func redact(_ text: String) -> String {
    guard value.utf8.count >= Self.bytesMin else { return text }
    var text = text
    for form in forms where text.utf8.count >= form.utf8.count {
      text = text.replacing(form, with: Self.mark)
    }
    return text
  }

  private var forms: [String] {
    let encoded = value.utf8.map { byte -> String in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [45, 46, 95, 126].contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
    let escaped = value.replacing("/", with: "\\/")
    return [value, encoded, escaped].reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension EndpointKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "the key in '\(variable)'" }
  package var debugDescription: String { description }
  /// Dumps show nothing.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
