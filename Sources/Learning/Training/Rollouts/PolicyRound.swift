/// The completions of a round and what is known of them: all that its steps need.
struct PolicyRound: Sendable, Hashable {
  /// Which round of the run.
  var number: Int
  /// By row.
  var samples: [Int: Sample]
  var statistics: [Double]

  struct Sample: Sendable, Hashable {
    var completion: [Int32]
    var advantage: Double
    /// Log-probabilities of the completion's tokens when they were sampled; empty: by the policy as
    /// it is.
    var old: [Float]
    /// The same by the reference; empty where it is not needed.
    var reference: [Float]
    /// Whether the loss leaves it out.
    var isMasked: Bool
  }

  init(number: Int, samples: [Int: Sample], statistics: [Double]) {
    self.number = number
    self.samples = samples
    self.statistics = statistics
  }

  /// Everything as numbers, rows ascending.
  var numbers: [Double] {
    var out = [Double(number), Double(statistics.count)] + statistics
    for (row, sample) in samples.sorted(by: { $0.key < $1.key }) {
      out += [
        Double(row), sample.advantage, sample.isMasked ? 1 : 0, Double(sample.completion.count),
        Double(sample.old.count), Double(sample.reference.count),
      ]
      out += sample.completion.map(Double.init)
      out += sample.old.map(Double.init)
      out += sample.reference.map(Double.init)
    }
    return out
  }

  /// Nil when `numbers` are not what ``numbers`` gives.
  ///
  /// - Parameter rows: rows there are.
  init?(_ numbers: [Double], rows: Int) {
    var rest = numbers[...]
    func whole(_ value: Double, _ range: Range<Int>) -> Int? {
      Int(exactly: value).flatMap { range.contains($0) ? $0 : nil }
    }
    func take(_ count: Int) -> ArraySlice<Double>? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    guard let head = take(2).map(Array.init), let number = whole(head[0], 0..<Int.max),
      let count = whole(head[1], 0..<numbers.count), let statistics = take(count)
    else { return nil }
    self.init(number: number, samples: [:], statistics: Array(statistics))
    while !rest.isEmpty {
      guard let fields = take(6).map(Array.init), let row = whole(fields[0], 0..<rows) else {
        return nil
      }
      let sizes = fields[3...].compactMap { whole($0, 0..<numbers.count) }
      guard sizes.count == 3, let ids = take(sizes[0]), let old = take(sizes[1]),
        let reference = take(sizes[2])
      else { return nil }
      samples[row] = Sample(
        completion: ids.compactMap(Int32.init(exactly:)), advantage: fields[1],
        old: old.map(Float.init), reference: reference.map(Float.init), isMasked: fields[2] == 1)
      guard samples[row]?.completion.count == sizes[0] else { return nil }
    }
  }
}
