import RunStore

/// The store of a simulated project: transactions in order, of which a loss of power takes the
/// newest that were not flushed.
struct SimulatedDisk {
  struct Full: Error {}
  struct Death: Error {}

  /// One transaction: a job's move with its event, and what is written beside it.
  struct Transaction {
    var stage: Int
    var event: JobEvent
    var key: UInt64?
    /// A result under `key`; true: a refusal.
    var result: Bool?
    var isFlushed: Bool
  }

  private(set) var journal: [Transaction] = []
  private(set) var states: [JobState]
  private(set) var keys: [UInt64?]
  /// By key; true: a refusal.
  private(set) var results: [UInt64: Bool] = [:]
  /// Results that were there before the first run, and keys whose files are gone.
  private let before: [UInt64: Bool]
  var lost: Set<UInt64> = []
  /// Commits until the disk is full, or the engine dies.
  var commitsUntilFull: Int?
  var commitsUntilDeath: Int?

  init(stages: Int, results: [UInt64: Bool]) {
    states = Array(repeating: .waiting, count: stages)
    keys = Array(repeating: nil, count: stages)
    before = results
    self.results = results
  }

  func hasResult(_ key: UInt64) -> Bool { results[key] != nil && !lost.contains(key) }

  /// All or nothing.
  mutating func commit(_ transaction: Transaction) throws {
    if let left = commitsUntilDeath {
      commitsUntilDeath = left - 1
      if left == 0 { throw Death() }
    }
    if let left = commitsUntilFull {
      commitsUntilFull = left - 1
      if left <= 0 { throw Full() }
    }
    guard let next = states[transaction.stage].after(transaction.event) else {
      throw Violation(
        "s\(transaction.stage) cannot move from \(states[transaction.stage]) by "
          + "\(transaction.event)")
    }
    apply(transaction, next)
    journal.append(transaction)
  }

  private mutating func apply(_ transaction: Transaction, _ next: JobState) {
    states[transaction.stage] = next
    if let key = transaction.key { keys[transaction.stage] = key }
    if let key = transaction.key, let isRefusal = transaction.result {
      results[key] = isRefusal
      lost.remove(key)
    }
  }

  /// Takes the newest transactions away, but none that was flushed nor one before such a one.
  mutating func losePower(_ random: inout SeededNumbers) {
    let safe = journal.lastIndex { $0.isFlushed }.map { $0 + 1 } ?? 0
    let kept = safe + random.below(journal.count - safe + 1)
    journal.removeSubrange(kept...)
    let (states, keys, results) = fold()
    self.states = states
    self.keys = keys
    self.results = results
  }

  /// The state that the events alone give.
  func fold() -> (states: [JobState], keys: [UInt64?], results: [UInt64: Bool]) {
    var copy = SimulatedDisk(stages: states.count, results: before)
    for transaction in journal {
      guard let next = copy.states[transaction.stage].after(transaction.event) else { continue }
      copy.apply(transaction, next)
    }
    return (copy.states, copy.keys, copy.results)
  }
}

/// An invariant that does not hold.
struct Violation: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
