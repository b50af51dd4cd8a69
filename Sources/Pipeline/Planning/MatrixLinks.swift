internal import Diagnostics
internal import StageKit

/// Resolves names of stages that are matrices: what reads one, or asks for a metric of it, gets the
/// instance of the same values, or is told what to write.
struct MatrixLinks {
  private let matrices: [String: MatrixSpec]

  init(_ matrices: [String: MatrixSpec]) { self.matrices = matrices }

  func link(_ stages: inout [StageSpec]) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var taken: [String: SourceSpan] = [:]
    for index in stages.indices {
      let name = stages[index].name
      if let first = taken[name], !matrices.isEmpty {
        diagnostics.append(
          Diagnostic(
            "spec.duplicate-stage", "a stage and an instance of a matrix are both called '\(name)'",
            at: stages[index].span, fix: "rename the stage",
            related: [.init("the other one", at: first)]))
      }
      taken[name] = stages[index].span
      if stages[index].choice == nil { link(&stages[index], &diagnostics) }
    }
    return diagnostics
  }

  private func link(_ stage: inout StageSpec, _ diagnostics: inout [Diagnostic]) {
    for index in stage.inputs.indices {
      let input = stage.inputs[index]
      guard case .stage(let name, let port) = input.source, let matrix = open(name) else {
        continue
      }
      if let partner = partner(of: stage, in: matrix) {
        stage.inputs[index].source = .stage(partner, port: port)
      } else {
        // Any instance will do to check the rest.
        if let first = matrix.names.first { stage.inputs[index].source = .stage(first, port: port) }
        diagnostics.append(
          problem(
            stage, name, matrix, "input '\(input.port)' of '\(shown(stage))' takes one", input.span)
        )
      }
    }
    stage.needs = stage.needs.flatMap { need in
      open(need.stage).map { $0.names.map { ($0, need.span) } } ?? [need]
    }
    for place in stage.metricPlaces {
      guard let matrix = open(place.stage) else {
        stage.needs.append(place)
        continue
      }
      guard let partner = partner(of: stage, in: matrix) else {
        diagnostics.append(
          problem(stage, place.stage, matrix, "'if' of '\(shown(stage))' asks one", place.span))
        continue
      }
      stage.needs.append((partner, place.span))
      for word in stage.condition?.words.indices ?? 0..<0
      where stage.condition?.words[word].stage == place.stage {
        stage.condition?.words[word].stage = partner
      }
    }
  }

  /// The matrix of this name when no stage stands for its best instance.
  private func open(_ name: String) -> MatrixSpec? {
    matrices[name].flatMap { $0.hasChoice ? nil : $0 }
  }

  /// The instance with the same values as the reader's, where the reader has a value for every list.
  private func partner(of stage: StageSpec, in matrix: MatrixSpec) -> String? {
    guard let own = stage.instance, !matrix.axes.isEmpty else { return nil }
    return matrix.instances.first { other in
      matrix.axes.allSatisfy { axis in
        other.value(axis).map { own.value(axis) == $0 } ?? false
      }
    }?.stage
  }

  private func shown(_ stage: StageSpec) -> String { stage.instance?.matrix ?? stage.name }

  private func problem(
    _ stage: StageSpec, _ name: String, _ matrix: MatrixSpec, _ what: String, _ span: SourceSpan
  ) -> Diagnostic {
    let first = matrix.names.first ?? name
    let axes = matrix.axes.joined(separator: ", ")
    let isMissing = stage.instance.map { own in matrix.axes.allSatisfy { own.value($0) != nil } }
    return Diagnostic(
      "spec.matrix-input",
      "'\(name)' is a matrix of \(matrix.instances.count) stages, and \(what)"
        + (isMissing == true ? "; none of them has the values of '\(stage.name)'" : ""), at: span,
      fix: "give '\(name)' a 'select: { metric: …, mode: min }' under 'strategy', name one of its "
        + "stages (\(first), …), or give '\(shown(stage))' a matrix with \(axes) too")
  }
}
