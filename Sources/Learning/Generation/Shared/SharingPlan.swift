package import ModelFiles
package import Models
import Tensors

/// How texts are cut into passes so that what they begin with alike is computed once.
///
/// Texts are put in the order of their ids: neighbours share the most. A path of rows runs along;
/// each text keeps of it what it shares with the one before and adds the rest. A full pass is closed
/// and the path so far is kept for the next one.
package struct SharingPlan {
  package private(set) var passes: [SharedPass] = []
  /// Whose label each target of a pass is: the text's index and the label's number in it.
  package private(set) var owners: [[Owner]] = []

  package struct Owner: Sendable, Hashable {
    package var text: Int
    package var label: Int
  }

  /// What bounds a pass and what is kept; matters of memory and speed alone.
  package struct Limits: Sendable {
    /// A pass is closed before it has more tokens; a longer text has a pass of its own.
    package var tokensPerPass: Int
    /// What is kept of a path, at most.
    package var keptTokens: Int

    package init(tokensPerPass: Int = 2048, keptTokens: Int) {
      self.tokensPerPass = tokensPerPass
      self.keptTokens = keptTokens
    }
  }

  private let limits: Limits
  private var open = SharedPass()
  private var asked: [(target: LabelTarget, owner: Owner)] = []
  /// Targets of closed passes that later texts add to.
  private var all: [[(target: LabelTarget, owner: Owner)]] = []
  private var path: [Run] = []
  private var last: [Int32] = []
  /// Where the logits of each position of the path are computed; nil: nowhere, it was kept before.
  private var places: [Place?] = []

  private struct Run {
    var count: Int
    /// The first row in the open pass; nil: kept.
    var row: Int?
  }

  private struct Place {
    var pass: Int
    var row: Int
  }

  /// - Parameter kept: what is known of texts' beginnings before the first pass.
  package init(
    _ texts: [LabelledText], _ configuration: ModelConfiguration, _ limits: Limits,
    kept: [Int32] = [], keptClass: Int = 0
  ) {
    self.limits = limits
    let classes = Dictionary(grouping: texts.indices.filter { texts[$0].neededCount > 0 }) {
      configuration.angleClass(length: texts[$0].ids.count)
    }
    // What is kept is there for the first of them.
    for angleClass in classes.keys.sorted(by: {
      ($0 == keptClass ? 0 : 1, $0) < ($1 == keptClass ? 0 : 1, $1)
    }) {
      let order = Self.order(classes[angleClass] ?? [], texts)
      start(order, texts, kept: angleClass == keptClass ? kept : [])
      for index in order { add(texts[index], index) }
      close(keeping: last.count)
    }
    for (index, asked) in all.enumerated() {
      let sorted = asked.enumerated().sorted {
        ($0.element.target.row, $0.offset) < ($1.element.target.row, $1.offset)
      }.map(\.element)
      passes[index].targets = sorted.map(\.target)
      owners.append(sorted.map(\.owner))
    }
  }

  private static func order(_ indices: [Int], _ texts: [LabelledText]) -> [Int] {
    indices.sorted { a, b in
      let (x, y) = (texts[a].ids, texts[b].ids)
      return x == y ? a < b : x.lexicographicallyPrecedes(y)
    }
  }

  static func shared(_ a: some Collection<Int32>, _ b: some Collection<Int32>) -> Int {
    zip(a, b).prefix { $0 == $1 }.count
  }

  // MARK: - Steps

  /// Begins with what is kept, as far as no text asks about it.
  private mutating func start(_ order: [Int], _ texts: [LabelledText], kept: [Int32]) {
    var usable = kept.count
    for index in order {
      let text = texts[index]
      let first = text.labels.firstIndex { $0 != TokenBatch.ignored } ?? 0
      if first < Self.shared(kept, text.ids) { usable = min(usable, first) }
    }
    last = Array(kept.prefix(usable))
    path = usable > 0 ? [Run(count: usable, row: nil)] : []
    places = Array(repeating: nil, count: usable)
  }

  private mutating func add(_ text: LabelledText, _ index: Int) {
    let ids = text.ids.prefix(text.neededCount)
    let shared = Self.shared(last, ids)
    let added = ids.count - shared
    if added > 0, !open.ids.isEmpty, open.ids.count + added > limits.tokensPerPass {
      close(keeping: shared)
    }
    cut(to: shared)
    places.removeSubrange(shared...)
    open.longest = max(open.longest, text.ids.count)
    let known = path.reduce(0) { $0 + $1.count }
    if known < ids.count { append(ids[known...], at: known, shared: shared) }
    last = Array(ids)
    var label = 0
    for position in ids.indices where text.labels[position] != TokenBatch.ignored {
      guard let place = places[position] else {
        preconditionFailure("nothing is asked about what is not computed")
      }
      let entry = (
        target: LabelTarget(row: place.row, label: text.labels[position]),
        owner: Owner(text: index, label: label)
      )
      if place.pass < all.count { all[place.pass].append(entry) } else { asked.append(entry) }
      label += 1
    }
  }

  /// - Parameter shared: positions before it were computed in an earlier pass and are again.
  private mutating func append(_ ids: ArraySlice<Int32>, at position: Int, shared: Int) {
    let rows = open.ids.count..<open.ids.count + ids.count
    var kept = 0
    var before: [Range<Int>] = []
    for run in path {
      if let row = run.row { before.append(row..<row + run.count) } else { kept += run.count }
    }
    open.parts.append(SharedPass.Part(rows: rows, kept: kept, path: before))
    open.ids += ids
    open.positions += ids.indices.map(Int32.init)
    path.append(Run(count: ids.count, row: rows.lowerBound))
    for row in rows.dropFirst(shared - position) {
      places.append(Place(pass: passes.count, row: row))
    }
  }

  private mutating func cut(to count: Int) {
    var left = count
    for index in path.indices {
      path[index].count = min(path[index].count, left)
      left -= path[index].count
    }
    path.removeAll { $0.count == 0 }
  }

  /// Closes the open pass; of the path, the first `count` tokens are kept, or what fits.
  private mutating func close(keeping count: Int) {
    if open.ids.isEmpty {
      open.longest = 0
      return
    }
    let count = min(count, limits.keptTokens)
    cut(to: count)
    var position = 0
    for run in path {
      if let row = run.row {
        open.keeps.append(SharedPass.Keep(rows: row..<row + run.count, position: position))
      }
      position += run.count
    }
    open.keptAfter = Array(last.prefix(count))
    path = count > 0 ? [Run(count: position, row: nil)] : []
    passes.append(open)
    all.append(asked)
    (open, asked) = (SharedPass(), [])
  }
}
