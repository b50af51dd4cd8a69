/// Where a run stands.
package enum RunState: String, Sendable, Hashable, Codable, CaseIterable {
  case running
  case succeeded
  case failed
  /// A gate said no and nothing failed.
  case refused
  /// Stopped or died; `orchestrate resume` continues it.
  case interrupted
}
