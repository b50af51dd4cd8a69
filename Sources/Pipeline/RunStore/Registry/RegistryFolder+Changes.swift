internal import Diagnostics
package import Reproducibility
package import StageKit

extension RegistryFolder {
  /// Registers a model, or notes that a known one was measured again. May be repeated.
  ///
  /// Aliases of the manifest move when the version is new.
  ///
  /// - Returns: the version, and whether it is new.
  package func register(
    _ manifest: VersionManifest, artifact: Digest, code: CodeIdentity, origin: VersionOrigin,
    at time: Double
  ) throws -> (version: ModelRegistry.Version, isNew: Bool) {
    var isNew = false
    let registry = try append(at: time) { registry in
      isNew = false
      if let known = registry.known(manifest) {
        if known.verdictArtifact == manifest.verdictArtifact { return [] }
        return [
          .gate(
            name: manifest.name, version: known.number, artifact: manifest.verdictArtifact,
            verdict: manifest.verdict)
        ]
      }
      isNew = true
      let number = registry.versions(of: manifest.name).count + 1
      let registration = RegistryRecord.Registration(
        version: number, manifest: manifest, artifact: artifact, code: code, origin: origin)
      let moves = manifest.aliases.map { alias in
        RegistryRecord.Body.alias(
          RegistryRecord.AliasMove(
            name: manifest.name, alias: alias, version: number,
            was: registry.version(at: alias, of: manifest.name)?.number, cause: .register))
      }
      return [.version(registration)] + moves
    }
    guard let version = registry.known(manifest) else {
      preconditionFailure("a version that was registered is known")
    }
    return (version, isNew)
  }

  /// Lets an alias point to a version.
  ///
  /// - Parameters:
  ///   - expecting: the number of the record that must have moved the alias last
  ///     (``ModelRegistry/moved(_:of:)``); nil: any.
  ///   - forcedBy: the reason why it is done against the gate's decision.
  /// - Returns: the record of the move; nil when the alias pointed there already.
  /// - Throws: ``Failure`` of class `refused` when the version's gate did not let it pass, `locked`
  ///   when the alias was moved meanwhile, `usage` when there is no such version.
  @discardableResult
  package func promote(
    _ name: String, to number: Int, alias: String, expecting: Int? = nil,
    forcedBy reason: String? = nil, at time: Double
  ) throws -> RegistryRecord? {
    var isMoved = false
    let registry = try append(at: time) { registry in
      isMoved = false
      let version = try registry.expect(number, of: name)
      let last = registry.moved(alias, of: name)
      if let expecting, last != expecting {
        throw Self.conflict(registry, name, alias)
      }
      let isRefused = version.verdict.decision != .pass
      if isRefused, reason == nil { throw Self.refusal(version) }
      let now = registry.version(at: alias, of: name)?.number
      if now == number { return [] }
      isMoved = true
      return [
        .alias(
          RegistryRecord.AliasMove(
            name: name, alias: alias, version: number, was: now, cause: .promote,
            isForced: isRefused, reason: reason))
      ]
    }
    return isMoved ? registry.records.last : nil
  }

  /// Lets an alias point to where it pointed before.
  ///
  /// - Parameter number: a version that it pointed to once; nil: the one before.
  /// - Throws: ``Failure`` of class `usage` when there is none.
  @discardableResult
  package func rollBack(
    _ name: String, alias: String, to number: Int? = nil, reason: String? = nil, at time: Double
  ) throws -> RegistryRecord {
    let registry = try append(at: time) { registry in
      let stack = registry.stack(of: alias, name)
      guard let now = stack.last else {
        throw Diagnostic(
          "registry.no-alias", "'\(name)' has no version at '\(alias)'",
          fix: "'orchestrate registry list' shows names and aliases"
        ).failure(.usage)
      }
      let before = stack.dropLast()
      guard let target = number ?? before.last, before.contains(target) else {
        let known = before.map(String.init).joined(separator: ", ")
        throw Diagnostic(
          "registry.no-rollback",
          number.map { "'\(alias)' of '\(name)' never pointed to version \($0) before" }
            ?? "'\(alias)' of '\(name)' pointed to no version before \(now)",
          fix: before.isEmpty
            ? "'orchestrate registry promote' lets it point elsewhere" : "it pointed to \(known)"
        ).failure(.usage)
      }
      return [
        .alias(
          RegistryRecord.AliasMove(
            name: name, alias: alias, version: target, was: now, cause: .rollback,
            reason: reason))
      ]
    }
    guard let record = registry.records.last else {
      preconditionFailure("a rollback leaves a record")
    }
    return record
  }

  private static func refusal(_ version: ModelRegistry.Version) -> Failure {
    let decision = version.verdict.decision
    let sentences = version.verdict.rules.filter { $0.decision != .pass }.map(\.sentence)
    return Failure(
      [
        Diagnostic(
          "registry.refused",
          "the gate of version \(version.number) of '\(version.manifest.name)' "
            + (decision == .inconclusive ? "was inconclusive" : "refused it")
            + (sentences.first.map { ": \($0)" } ?? ""),
          fix: "--force --reason TEXT promotes it all the same, and the history says so")
      ], .refused)
  }

  private static func conflict(_ registry: ModelRegistry, _ name: String, _ alias: String)
    -> Failure
  {
    let now = registry.version(at: alias, of: name).map { "version \($0.number)" } ?? "nothing"
    return Diagnostic(
      "registry.moved",
      "'\(alias)' of '\(name)' was moved by somebody else meanwhile and points to \(now)",
      fix: "run again: the model is then compared with that one"
    ).failure(.locked)
  }
}

extension ModelRegistry {
  /// - Throws: ``Failure`` of class `usage` with the nearest names.
  package func expect(_ number: Int, of name: String) throws -> Version {
    try expectName(name)
    if let version = version(number, of: name) { return version }
    let count = versions(of: name).count
    throw Diagnostic(
      "registry.no-version", "'\(name)' has no version \(number)",
      fix: count == 1 ? "it has version 1" : "it has versions 1 to \(count)"
    ).failure(.usage)
  }

  package func expectName(_ name: String) throws {
    if !versions(of: name).isEmpty { return }
    let shown = SafeText.escaped(name, limit: 64)
    throw Diagnostic(
      "registry.no-name", "no model is registered as '\(shown)'",
      fix: NearestName.suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
        ?? (names.isEmpty
          ? "a stage 'register' registers one" : "there are \(names.joined(separator: ", "))")
    ).failure(.usage)
  }
}
