/// A model of the registry, as an input of a stage names it: `registry:NAME@ALIAS` or
/// `registry:NAME/VERSION`. An alias can move: a plan resolves it to a digest.
package struct RegistryReference: Sendable, Hashable {
  package enum Choice: Sendable, Hashable {
    case alias(String)
    case version(Int)
  }

  package static let prefix = "registry:"

  package var name: String
  package var choice: Choice

  package init(name: String, _ choice: Choice) {
    self.name = name
    self.choice = choice
  }

  /// Nil when `text` is none; `prefix` may be left out.
  package init?(_ text: String) {
    let rest = text.hasPrefix(Self.prefix) ? String(text.dropFirst(Self.prefix.count)) : text
    if let at = rest.firstIndex(of: "@") {
      let alias = String(rest[rest.index(after: at)...])
      self.init(name: String(rest[..<at]), .alias(alias))
      guard VersionManifest.isName(alias) else { return nil }
    } else if let slash = rest.firstIndex(of: "/") {
      guard let number = Int(rest[rest.index(after: slash)...]), number > 0 else { return nil }
      self.init(name: String(rest[..<slash]), .version(number))
    } else {
      return nil
    }
    guard VersionManifest.isName(name) else { return nil }
  }

  package var text: String {
    switch choice {
    case .alias(let alias): "\(Self.prefix)\(name)@\(alias)"
    case .version(let number): "\(Self.prefix)\(name)/\(number)"
    }
  }
}
