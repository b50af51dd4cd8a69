/// Which stages of a pipeline a run is limited to, and which run though their result is known:
/// `--from`, `--until`, `--only`, `--force`.
///
/// | given | in the run |
/// |---|---|
/// | `from` | these and everything that reads or needs them, however far downstream |
/// | `until` | these and everything they read or need, however far upstream |
/// | `from` and `until` | what is in both |
/// | `only` | these |
///
/// What a stage of the run reads or needs and is not in it must have a recorded result.
package struct PlanSelection: Sendable, Hashable, Codable {
  package var from: [String]
  package var until: [String]
  package var only: [String]
  /// Run again though a result is recorded; the old one counts until the new one is there.
  package var forced: [String]
  /// Every stage of the run is forced.
  package var forcesAll: Bool

  package init(
    from: [String] = [], until: [String] = [], only: [String] = [], forced: [String] = [],
    forcesAll: Bool = false
  ) {
    self.from = from
    self.until = until
    self.only = only
    self.forced = forced
    self.forcesAll = forcesAll
  }

  /// Whether some stages may be left out.
  package var isLimited: Bool { !(from.isEmpty && until.isEmpty && only.isEmpty) }

  /// Whether it says anything at all.
  package var isEmpty: Bool { !isLimited && forced.isEmpty && !forcesAll }
}
