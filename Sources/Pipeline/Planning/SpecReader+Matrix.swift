internal import Diagnostics
internal import Documents
internal import Reproducibility
internal import StageKit

/// `strategy:` of a stage.
extension SpecReader {
  /// The stages that an entry of `stages:` stands for: itself, or one per combination of its matrix
  /// and, with `select`, one more of its own name that stands for the best of them.
  mutating func instances(_ entry: Node.Entry) -> [StageSpec] {
    guard let strategy = entry.value["strategy"], !strategy.isNull else {
      return stage(entry).map { [$0] } ?? []
    }
    let title = "'strategy' of '\(SafeText.escaped(entry.name, limit: 40))'"
    guard let entries = mapping(strategy, title) else { return stage(entry).map { [$0] } ?? [] }
    let before = diagnostics.count
    check(entries, of: title, known: ["matrix", "include", "exclude", "select"])
    guard diagnostics.count == before, let matrix = readMatrix(strategy, title) else {
      isBroken = true
      return []
    }
    var stages: [StageSpec] = []
    var instances: [MatrixInstance] = []
    for (combination, name) in zip(matrix.combinations, matrix.names(entry.name)) {
      interpolation.matrix = Dictionary(
        uniqueKeysWithValues: combination.values.map { ($0.name, $0.value) })
      defer { interpolation.matrix = nil }
      let instance = MatrixInstance(
        stage: name, matrix: entry.name,
        values: combination.values.map { JSONMember($0.name, CoreSchema.json($0.value)) })
      instances.append(instance)
      if let spec = stage(entry, as: instance) { stages.append(spec) }
    }
    var spec = MatrixSpec(instances: instances, axes: matrix.axes, hasChoice: false)
    if let select = strategy["select"], !select.isNull,
      let choice = choice(select, instances.map(\.stage))
    {
      spec.hasChoice = true
      var stage = StageSpec(
        name: entry.name, span: entry.key.span, kind: .select, kindSpan: select.span,
        parameters: Node(.mapping([]), at: select.span))
      stage.needs = choice.instances.map { ($0, entry.key.span) }
      stage.choice = choice
      stages.append(stage)
    }
    matrices[entry.name] = spec
    return stages
  }

  private mutating func choice(_ node: Node, _ instances: [String]) -> MatrixChoiceSpec? {
    guard let entries = mapping(node, "'select'") else { return nil }
    check(entries, of: "'select'", known: ["metric", "mode"])
    guard let metric = node["metric"] else {
      report(
        "spec.missing-key", "'select' has no 'metric'", node.span,
        fix: "name what the instances report: select: { metric: eval_loss, mode: min }")
      return nil
    }
    guard let name = text(interpolation.resolve(metric), "select.metric") else { return nil }
    let written = node["mode"]?.scalar?.text
    guard let mode = written.flatMap(MatrixChoiceSpec.Mode.init(rawValue:)) else {
      report(
        written == nil ? "spec.missing-key" : "spec.wrong-type",
        written == nil
          ? "'select' has no 'mode'"
          : "'select.mode' is '\(SafeText.escaped(written ?? "", limit: 40))', expected min or max",
        node["mode"]?.span ?? node.span,
        fix: "write 'mode: min' where less is better, else 'mode: max'")
      return nil
    }
    return MatrixChoiceSpec(metric: name, mode: mode, span: node.span, instances: instances)
  }

  // MARK: - Combinations

  private mutating func readMatrix(_ strategy: Node, _ title: String) -> Matrix? {
    guard let given = strategy["matrix"], !given.isNull else {
      let isSelect = strategy["select"] != nil
      report(
        "spec.matrix", "\(title) has \(isSelect ? "'select' but " : "")no 'matrix'",
        strategy.span, fix: "add 'matrix: { learning_rate: [1e-4, 2e-4] }'")
      return nil
    }
    guard let axes = mapping(interpolation.resolve(given), "'matrix'") else { return nil }
    var matrix = Matrix()
    var isGood = true
    var edits: [(isInclude: Bool, node: Node)] = []
    for axis in axes {
      if axis.name == "include" || axis.name == "exclude" {
        edits.append((axis.name == "include", axis.value))
        continue
      }
      checkName(axis.key, "a value of a matrix")
      guard let values = axis.value.sequence, !values.isEmpty else {
        report(
          "spec.matrix",
          "'\(SafeText.escaped(axis.name, limit: 40))' of the matrix is "
            + (axis.value.sequence == nil ? axis.value.kindName : "an empty list")
            + ", expected a list of values", axis.value.span,
          fix: axis.value.scalar.map { "write [\(SafeText.escaped($0.text, limit: 40))]" })
        isGood = false
        continue
      }
      matrix.multiply(axis.name, by: values)
    }
    for key in ["exclude", "include"] {
      if let node = strategy[key] { edits.append((key == "include", interpolation.resolve(node))) }
    }
    // Every exclusion comes before every inclusion, wherever they stand.
    for wanted in [false, true] {
      for (isInclude, node) in edits where isInclude == wanted && !node.isNull {
        for item in node.sequence ?? [node] {
          guard let entries = mapping(item, isInclude ? "'include'" : "'exclude'") else {
            isGood = false
            continue
          }
          if isInclude {
            matrix.include(entries)
          } else {
            isGood = exclude(entries, &matrix) && isGood
          }
        }
      }
    }
    guard isGood else { return nil }
    if matrix.combinations.isEmpty || matrix.combinations.count > Matrix.countMax {
      report(
        "spec.matrix",
        "the matrix has \(matrix.combinations.count) combinations, expected 1 to \(Matrix.countMax)",
        given.span)
      return nil
    }
    return matrix
  }

  private mutating func exclude(_ entries: [Node.Entry], _ matrix: inout Matrix) -> Bool {
    for entry in entries where !matrix.axes.contains(entry.name) {
      let nearest = NearestName.suggestion(for: entry.name, among: matrix.axes)
      report(
        "spec.matrix",
        "'exclude' names '\(SafeText.escaped(entry.name, limit: 40))', which is no list of the matrix",
        entry.key.span,
        fix: nearest.map { "did you mean '\($0)'?" }
          ?? "the matrix has \(matrix.axes.joined(separator: ", "))")
      return false
    }
    matrix.exclude(entries)
    return true
  }
}
