internal import Diagnostics
internal import Scoring

/// Chooses examples for a prompt, in the order and by the random numbers of the harness.
///
/// One generator for a task, drawn from document by document: the examples of a document depend on
/// how many came before it.
struct ExampleSampler {
  let task: String
  let kind: HarnessExamples.Sampler
  /// What makes documents equal.
  private let identities: [[UInt8]]
  private var random: PythonRandom

  init(
    task: String, kind: HarnessExamples.Sampler, pool: [HarnessDocument], seed: UInt64
  ) {
    self.task = task
    self.kind = kind
    identities = pool.map(\.identity)
    random = PythonRandom(seed: seed)
  }

  /// Places in the pool.
  ///
  /// - Parameter excluded: a document that must not be among them.
  mutating func sample(_ count: Int, excluding excluded: HarnessDocument?) throws -> [Int] {
    if count == 0 { return [] }
    let identity = excluded?.identity
    switch kind {
    case .first:
      var first: [Int] = []
      for place in identities.indices where first.count < count {
        if identity == nil || identities[place] != identity { first.append(place) }
      }
      guard first.count == count else { throw tooFew(first.count, count) }
      return first
    case .random:
      let wanted = identity == nil ? count : count + 1
      guard identities.count >= wanted else { throw tooFew(identities.count, wanted) }
      var places = random.sample(wanted, of: identities.count)
      guard let identity else { return places }
      places = Array(places.filter { identities[$0] != identity }.prefix(count))
      if places.count < count {
        // More than one copy of the document was drawn.
        let others = identities.indices.filter { identities[$0] != identity }
        guard others.count >= count else { throw tooFew(others.count, count) }
        places = random.sample(count, of: others.count).map { others[$0] }
      }
      return places
    }
  }

  private func tooFew(_ found: Int, _ wanted: Int) -> Failure {
    Diagnostic(
      "task.too-few-examples",
      "task '\(task)' draws \(wanted) examples for a prompt from \(found) documents",
      fix: "ask for fewer with --num-fewshot, or name a file with more"
    ).failure(.badInput)
  }
}
