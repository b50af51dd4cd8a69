internal import Diagnostics
internal import StageKit

/// A ``PlanSelection`` of the stages that a pipeline has.
struct PlanScope {
  /// Stages of the run.
  private(set) var chosen: Set<String>
  /// The stages of the run and all they read or need, however far upstream: what must be planned.
  private(set) var planned: Set<String>
  private(set) var forced: Set<String>

  /// - Parameter stages: in topological order.
  /// - Throws: ``Failure`` of class `usage` with every name that no stage has.
  init(_ selection: PlanSelection, _ stages: [BoundStage]) throws {
    let edges = Edges(stages)
    var problems: [Diagnostic] = []
    func named(_ names: [String], _ option: String) -> Set<String> {
      var found: Set<String> = []
      for name in names {
        if let members = edges.members[name] {
          found.formUnion(members)
        } else {
          problems.append(Self.unknown(name, option, edges))
        }
      }
      return found
    }
    var chosen = Set(stages.map(\.name))
    if !selection.only.isEmpty, !(selection.from + selection.until).isEmpty {
      problems.append(
        Diagnostic(
          "usage.selection", "'--only' stands beside '--from' or '--until'",
          fix: "'--only' names every stage of the run by itself"))
    }
    if !selection.only.isEmpty { chosen = named(selection.only, "--only") }
    if !selection.from.isEmpty {
      chosen.formIntersection(edges.closure(named(selection.from, "--from"), along: edges.readers))
    }
    if !selection.until.isEmpty {
      chosen.formIntersection(
        edges.closure(named(selection.until, "--until"), along: edges.sources))
    }
    var forced = named(selection.forced, "--force")
    if !problems.isEmpty { throw Failure(problems, .usage) }
    if chosen.isEmpty {
      throw Diagnostic(
        "usage.selection", "no stage is both downstream of '--from' and upstream of '--until'",
        fix: "'orchestrate plan' without options shows all stages in their order"
      ).failure(.usage)
    }
    let left = forced.subtracting(chosen).sorted()
    if let first = left.first {
      throw Diagnostic(
        "usage.selection", "'--force \(first)': the stage is not part of this run",
        fix: "name it in '--only', '--from' or '--until' too"
      ).failure(.usage)
    }
    if selection.forcesAll { forced = chosen }
    self.forced = forced
    self.chosen = chosen
    planned = edges.closure(chosen, along: edges.sources)
  }

  private static func unknown(_ name: String, _ option: String, _ edges: Edges) -> Diagnostic {
    let names = edges.members.keys.sorted()
    let nearest = NearestName.suggestion(for: name, among: names)
    return Diagnostic(
      "usage.unknown-stage",
      "\(option): there is no stage '\(SafeText.escaped(name, limit: 60))'",
      fix: nearest.map { "did you mean '\($0)'?" }
        ?? (names.count <= 10
          ? "there are \(names.joined(separator: ", "))" : "'orchestrate plan' lists all stages"))
  }

  /// Who waits for whom.
  private struct Edges {
    var sources: [String: [String]] = [:]
    var readers: [String: [String]] = [:]
    /// Stages by the name a user may call them: their own, or that of their matrix.
    var members: [String: [String]] = [:]

    init(_ stages: [BoundStage]) {
      for stage in stages {
        members[stage.name, default: []].append(stage.name)
        if let matrix = stage.spec.instance?.matrix {
          members[matrix, default: []].append(stage.name)
        }
        for source in stage.sources {
          sources[stage.name, default: []].append(source)
          readers[source, default: []].append(stage.name)
        }
      }
    }

    func closure(_ start: Set<String>, along edges: [String: [String]]) -> Set<String> {
      var reached = start
      var open = Array(start)
      while let next = open.popLast() {
        for other in edges[next] ?? [] where reached.insert(other).inserted { open.append(other) }
      }
      return reached
    }
  }
}

extension BoundStage {
  /// Stages it reads from or needs, each once.
  var sources: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for case .stage(let name, _) in inputs.sorted(by: { $0.key < $1.key }).map(\.value)
    where seen.insert(name).inserted {
      names.append(name)
    }
    for need in spec.needs where seen.insert(need.stage).inserted { names.append(need.stage) }
    return names
  }
}
