package import Reproducibility
package import StageKit

/// What a registry says: the fold of its records. A pure value.
package struct ModelRegistry: Sendable {
  /// A version of a model as it stands.
  package struct Version: Sendable, Hashable {
    package var registration: RegistryRecord.Registration
    /// Of the last time it was measured.
    package var verdict: Verdict
    package var verdictArtifact: Digest
    /// The number of the record that registered it.
    package var record: Int
    package var time: Double

    package var number: Int { registration.version }
    package var manifest: VersionManifest { registration.manifest }
  }

  package private(set) var records: [RegistryRecord] = []
  /// By name, in the order of their numbers.
  private var versions: [String: [Version]] = [:]
  /// Version by name, then alias.
  private var aliases: [String: [String: Int]] = [:]
  /// The record that moved an alias last, by name, then alias.
  private var moves: [String: [String: Int]] = [:]

  package init(_ records: [RegistryRecord] = []) {
    for record in records { take(record) }
  }

  /// Adds the next record.
  package mutating func take(_ record: RegistryRecord) {
    records.append(record)
    switch record.body {
    case .version(let registration):
      versions[registration.manifest.name, default: []].append(
        Version(
          registration: registration, verdict: registration.manifest.verdict,
          verdictArtifact: registration.manifest.verdictArtifact, record: record.number,
          time: record.time))
    case .gate(let name, let number, let artifact, let verdict):
      guard let place = versions[name]?.firstIndex(where: { $0.number == number }) else { return }
      versions[name]?[place].verdict = verdict
      versions[name]?[place].verdictArtifact = artifact
    case .alias(let move):
      aliases[move.name, default: [:]][move.alias] = move.version
      moves[move.name, default: [:]][move.alias] = record.number
    }
  }

  /// Digest of the last record; nil: there is none.
  package var head: Digest? { records.last?.digest }

  // MARK: - Asking

  /// In order.
  package var names: [String] { versions.keys.sorted() }

  /// In the order of their numbers.
  package func versions(of name: String) -> [Version] { versions[name] ?? [] }

  package func version(_ number: Int, of name: String) -> Version? {
    versions[name]?.first { $0.number == number }
  }

  /// Where an alias points to.
  package func version(at alias: String, of name: String) -> Version? {
    aliases[name]?[alias].flatMap { version($0, of: name) }
  }

  package func version(_ reference: RegistryReference) -> Version? {
    switch reference.choice {
    case .alias(let alias): version(at: alias, of: reference.name)
    case .version(let number): version(number, of: reference.name)
    }
  }

  /// Aliases of a name and where they point to, in order.
  package func aliases(of name: String) -> [(alias: String, version: Int)] {
    (aliases[name] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The number of the record that moved the alias last; 0: it points nowhere yet.
  package func moved(_ alias: String, of name: String) -> Int { moves[name]?[alias] ?? 0 }

  /// The version with the same model of the same making.
  package func known(_ manifest: VersionManifest) -> Version? {
    versions[manifest.name]?.first { $0.manifest.isSameModel(as: manifest) }
  }

  /// Versions whose model is this artifact, over all names.
  package func versions(ofModel model: Digest) -> [Version] {
    names.flatMap { versions(of: $0) }.filter { $0.manifest.model == model }
  }

  /// Whether the alias ever pointed to the version.
  package func wasEver(_ number: Int, at alias: String, of name: String) -> Bool {
    records.contains { record in
      guard case .alias(let move) = record.body else { return false }
      return move.name == name && move.alias == alias && move.version == number
    }
  }

  /// Where the alias points to, and below it the versions it pointed to before, newest last, as
  /// rollbacks go through them: a promotion pushes, a rollback pops.
  package func stack(of alias: String, _ name: String) -> [Int] {
    var stack: [Int] = []
    for record in records {
      guard case .alias(let move) = record.body, move.name == name, move.alias == alias else {
        continue
      }
      if move.cause == .rollback, let place = stack.dropLast().lastIndex(of: move.version) {
        stack.removeSubrange((place + 1)...)
      } else if stack.last != move.version {
        stack.append(move.version)
      }
    }
    return stack
  }

  /// What must be kept as long as the registry is: artifacts of versions, which refer to their
  /// models.
  package var roots: [Digest] {
    Set(names.flatMap { versions(of: $0) }.map(\.registration.artifact)).sorted()
  }
}
