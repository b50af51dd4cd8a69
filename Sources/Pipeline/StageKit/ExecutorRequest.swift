/// Where the attempts of a stage run; no part of its fingerprint.
package struct ExecutorRequest: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A child process on this machine.
    case local
    /// A job of a Slurm cluster, which shares the file system.
    case slurm
  }

  package var kind: Kind
  /// Options of `sbatch` as written there: `--partition=gpu`.
  package var options: [String]

  package init(_ kind: Kind = .local, options: [String] = []) {
    self.kind = kind
    self.options = options
  }
}
