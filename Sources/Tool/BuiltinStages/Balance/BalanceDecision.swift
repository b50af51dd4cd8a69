internal import Curation
internal import Diagnostics
internal import Documents
internal import Reproducibility

/// How many times each row goes on, and what that makes of the classes.
struct BalanceDecision {
  private(set) var times: [UInt8]
  let before: [Int]
  private(set) var after: [Int]
  let targets: [Int]

  var total: Int { times.reduce(0) { $0 + Int($1) } }
  var copies: Int { times.reduce(0) { $0 + max(0, Int($1) - 1) } }

  init(_ corpus: BalanceCorpus, _ parameters: BalanceParameters) throws {
    var before = [Int](repeating: 0, count: corpus.names.count)
    for number in corpus.classes where number != .max { before[Int(number)] += 1 }
    let targets = BalancePlan.targets(
      before, parameters.method, ratio: parameters.ratioMax, parameters.reference,
      explicit: try Self.explicit(corpus, parameters))
    times = BalancePlan.times(
      corpus.classes, bits: corpus.bits, targets: targets, copiesMax: parameters.copiesMax,
      seed: UInt64(parameters.seed))
    if !corpus.weights.isEmpty {
      let random = CounterRandom(seed: UInt64(parameters.seed), stream: "balance.weight")
      for row in times.indices {
        let weighted = TagWeights.times(
          Double(times[row]) * Double(corpus.weights[row]), bits: corpus.bits[row], random)
        times[row] = UInt8(min(weighted, parameters.copiesMax))
      }
    }
    var after = [Int](repeating: 0, count: corpus.names.count)
    for (row, number) in corpus.classes.enumerated() where number != .max {
      after[Int(number)] += Int(times[row])
    }
    self.before = before
    self.after = after
    self.targets = targets
  }

  private static func explicit(_ corpus: BalanceCorpus, _ parameters: BalanceParameters) throws
    -> [Int: Int]
  {
    let texts = corpus.names.names.map { TagText.text($0) }
    var explicit: [Int: Int] = [:]
    for (name, value) in parameters.targets {
      guard let number = texts.firstIndex(of: name) else {
        let near = NearestName.suggestion(for: name, among: texts)
        throw Diagnostic(
          "balance.no-class",
          "no row has '\(SafeText.escaped(name))' of 'targets' in "
            + "'\(SafeText.escaped(parameters.by ?? ""))'",
          fix: near.map { "did you mean '\(SafeText.escaped($0))'?" }
            ?? "there are \(texts.count) classes; run without 'targets' and see the report"
        ).failure(.badInput)
      }
      explicit[number] = Int(value)
    }
    return explicit
  }

  /// Rows that would be copied though another row of their class and cluster is there.
  func copiedDuplicates(_ corpus: BalanceCorpus) -> Int {
    if corpus.clusters.isEmpty { return 0 }
    struct Key: Hashable {
      var cluster: UInt64
      var number: UInt32
    }
    var members: [Key: Int] = [:]
    for (row, cluster) in corpus.clusters.enumerated() where cluster != 0 && times[row] > 0 {
      members[Key(cluster: cluster, number: corpus.classes[row]), default: 0] += 1
    }
    return corpus.clusters.indices.count { row in
      corpus.clusters[row] != 0 && times[row] > 1
        && members[Key(cluster: corpus.clusters[row], number: corpus.classes[row]), default: 0] > 1
    }
  }
}
