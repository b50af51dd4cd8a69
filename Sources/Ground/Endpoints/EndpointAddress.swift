internal import Diagnostics

/// Where an OpenAI-compatible endpoint is: `https://api.example.com/v1`.
///
/// A URL is written into plans, tickets and ledgers, so one that holds a password or a key is
/// refused.
package struct EndpointAddress: Sendable, Hashable {
  /// As given, without a slash at its end and without the name of a method.
  package let base: String
  /// `https://host:port`, in lower case.
  package let origin: String
  /// Without brackets.
  package let host: String
  package let isEncrypted: Bool
  /// `?api-version=…`, or nothing.
  private let query: String

  /// - Throws: ``Failure`` of class `badInput` for what is no http or https URL, or holds a secret.
  package init(_ text: String) throws {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), text.utf8.count <= 2000 else {
      throw Self.problem(text, "holds spaces or characters that must be percent-encoded")
    }
    let scheme = text.prefix { $0 != ":" }.lowercased()
    guard ["http", "https"].contains(scheme), text.dropFirst(scheme.count).hasPrefix("://") else {
      throw Self.problem(text, "is no http or https URL")
    }
    let rest = text.dropFirst(scheme.count + 3)
    let authority = rest.prefix { !"/?#".contains($0) }
    if authority.contains("@") {
      throw Self.secret("holds a user or a password, which would be stored with the plan")
    }
    guard let (host, port) = Self.hostAndPort(authority) else {
      throw Self.problem(text, "names no host, or a port that is none")
    }
    if rest.contains("#") { throw Self.problem(text, "holds a fragment ('#…')") }
    let tail = rest.dropFirst(authority.count)
    query = String(tail.drop { $0 != "?" })
    for item in query.dropFirst().split(separator: "&") {
      let name = item.prefix { $0 != "=" }.lowercased()
      if ["key", "token", "secret", "sig", "password", "auth"].contains(where: name.contains) {
        throw Self.secret("holds '\(name)=…', which would be stored with the plan")
      }
    }
    var path = String(tail.prefix { $0 != "?" })
    while path.hasSuffix("/") { path.removeLast() }
    for method in [EndpointMethod.chat, .completion] where path.hasSuffix(method.path) {
      path.removeLast(method.path.count)
      break
    }
    self.host = host
    isEncrypted = scheme == "https"
    let standard = isEncrypted ? 443 : 80
    let shown = host.contains(":") ? "[\(host)]" : host
    origin = "\(scheme)://\(shown)" + (port == nil || port == standard ? "" : ":\(port ?? 0)")
    base = origin + path
  }

  /// The whole URL of a method.
  package func url(_ method: EndpointMethod) -> String { base + method.path + query }

  /// Whether the host is this machine, so that nothing travels.
  package var isLocal: Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }

  private static func hostAndPort(_ authority: Substring) -> (String, Int?)? {
    var host = authority
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      if !rest.isEmpty { port = rest.dropFirst() }
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    guard !host.isEmpty else { return nil }
    guard let port else { return (host.lowercased(), nil) }
    guard let number = Int(port), (1...65_535).contains(number) else { return nil }
    return (host.lowercased(), number)
  }

  private static func problem(_ text: String, _ what: String) -> Failure {
    Diagnostic(
      "endpoint.url", "the endpoint '\(SafeText.escaped(text))' \(what)",
      fix: "write it as https://api.example.com/v1 or http://localhost:8000/v1"
    ).failure(.badInput)
  }

  /// Without the URL, which is the secret.
  private static func secret(_ what: String) -> Failure {
    Diagnostic(
      "endpoint.secret-in-url", "the endpoint's URL \(what)",
      fix: "put the key into an environment variable and name it with 'api_key_env'"
    ).failure(.badInput)
  }
}

/// What an endpoint is asked by.
package enum EndpointMethod: String, Sendable, CaseIterable {
  /// `/chat/completions`: a conversation.
  case chat
  /// `/completions`: a text to go on from.
  case completion

  var path: String { self == .chat ? "/chat/completions" : "/completions" }
}
