/// The order in which stages can run.
struct StageOrder {
  /// Every stage after what it waits for; among those ready, the order of the file. Stages of a cycle
  /// and behind one are left out.
  let names: [String]
  /// One per group of stages that wait for each other: each waits for the next, the last for the
  /// first.
  let cycles: [[String]]

  init(_ stages: [StageSpec]) {
    let known = Set(stages.map(\.name))
    var waits: [String: [String]] = [:]
    for stage in stages {
      var names: [String] = []
      for input in stage.inputs {
        if case .stage(let name, _) = input.source { names.append(name) }
      }
      names += stage.needs.map(\.stage)
      waits[stage.name] = names.filter(known.contains)
    }
    var order: [String] = []
    var done: Set<String> = []
    var remaining = stages.map(\.name)
    var isMoving = true
    while isMoving {
      isMoving = false
      for (index, name) in remaining.enumerated()
      where waits[name, default: []].allSatisfy(done.contains) {
        order.append(name)
        done.insert(name)
        remaining.remove(at: index)
        isMoving = true
        break
      }
    }
    names = order
    cycles = Self.cycles(remaining, waits)
  }

  /// Walks from each stage that is left along the first thing it waits for that is left too, until a
  /// stage repeats.
  private static func cycles(_ remaining: [String], _ waits: [String: [String]]) -> [[String]] {
    let left = Set(remaining)
    var seen: Set<String> = []
    var found: [[String]] = []
    for start in remaining where !seen.contains(start) {
      var path: [String] = []
      var current = start
      while seen.insert(current).inserted {
        path.append(current)
        guard let next = waits[current, default: []].first(where: left.contains) else { break }
        current = next
      }
      if let first = path.firstIndex(of: current), path.count > first,
        waits[path[path.count - 1], default: []].contains(current)
      {
        found.append(Array(path[first...]))
      }
    }
    return found
  }
}
