/// Which part of a stage's chunks a process does. Results are put together by one process; they do
/// not depend on how many shared the work.
package enum ShardRole: Sendable {
  /// All of them.
  case whole
  /// Those whose number leaves the remainder `index`; it keeps their ``ChunkResults`` and makes no
  /// output.
  case part(index: Int, count: Int)
  /// Whatever is left once `runParts` has run the parts in processes of their own.
  case gather(runParts: @Sendable () throws -> Void)

  /// Whether this process does chunk `index`.
  package func does(_ index: Int) -> Bool {
    if case .part(let part, let count) = self { index % count == part } else { true }
  }

  package var isPart: Bool { if case .part = self { true } else { false } }
}
