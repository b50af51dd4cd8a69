import ModelFiles
package import Tensors

extension LanguageModel {
  /// What the model says of the targets of a pass, in their order. No gradients; `kept` holds what
  /// the pass says afterwards.
  ///
  /// An answer is a function of the text before its row and of the label: it has the same bits
  /// whatever else is in the pass, however texts are cut into parts, and with any number of threads.
  package func measure(_ pass: SharedPass, _ kept: KeptPrefix) -> [LabelMeasure] {
    check(pass, kept)
    let angleClass = configuration.angleClass(length: pass.longest)
    if kept.ids.isEmpty || kept.weightsState == nil {
      kept.weightsState = decoder.nextState()
      kept.adapterIsOn = usesAdapter
    }
    kept.reserve(
      max(pass.keptAfter.count, pass.keeps.map { $0.position + $0.rows.count }.max() ?? 0))
    let wanted = Self.rows(of: pass.targets)
    let (plan, run) = runPrompts(
      pass.ids, pass.positions, longest: pass.longest, wanted: wanted.count,
      state: kept.weightsState ?? 0
    ) { a, layer in attend(a, pass, kept, layer: layer) }
    kept.hold(pass.keptAfter, angleClass: angleClass)
    return answers(pass.targets, wanted, plan, run)
  }

  private func attend(
    _ a: DecoderLayer.Activations, _ pass: SharedPass, _ kept: KeptPrefix, layer: Int
  ) {
    let shape = decoder.shape.attention[layer]
    func own(_ rows: Range<Int>) -> KeyValueRun {
      let qkv = a.qkv.rows(rows)
      return KeyValueRun(keys: qkv.columns(shape.keys), values: qkv.columns(shape.values))
    }
    let parts = pass.parts.map { part in
      AttentionPart(
        rows: part.rows,
        before: (part.kept > 0 ? [kept.run(layer: layer, count: part.kept)] : [])
          + part.path.map(own))
    }
    backend.attention(a.attention, a.qkv, parts, shape)
    // All parts of this layer have read what was kept before.
    for keep in pass.keeps { kept.take(own(keep.rows), layer: layer, at: keep.position) }
  }

  private func answers(
    _ targets: [LabelTarget], _ wanted: [Int32], _ plan: StepPlan, _ run: Pass
  ) -> [LabelMeasure] {
    let (head, slots) = (decoder.head, plan.head)
    head.begin(slots, arena.matrix(plan.residual), wanted: wanted, arena, in: run)
    let lse = arena.matrix(slots.logSumExp)
    var results: [LabelMeasure] = []
    var next = 0
    for chunk in Head.chunks(slots) {
      let logits = head.logits(slots, chunk, arena, in: run)
      var own: [LabelTarget] = []
      var row = chunk.lowerBound
      while next < targets.count {
        while row < chunk.upperBound, Int(wanted[row]) != targets[next].row { row += 1 }
        if row == chunk.upperBound { break }
        own.append(LabelTarget(row: row - chunk.lowerBound, label: targets[next].label))
        next += 1
      }
      results += backend.measureLabels(lse.rows(chunk), logits, own)
    }
    return results
  }

  /// The rows that targets ask about, each once.
  private static func rows(of targets: [LabelTarget]) -> [Int32] {
    var rows: [Int32] = []
    for target in targets where rows.last.map({ Int($0) != target.row }) ?? true {
      rows.append(Int32(target.row))
    }
    return rows
  }

  /// Whoever makes a pass keeps these promises; a broken one is a programmer's mistake.
  private func check(_ pass: SharedPass, _ kept: KeptPrefix) {
    let count = pass.ids.count
    precondition(count == pass.positions.count, "every token has a position")
    precondition(
      pass.ids.allSatisfy { $0 >= 0 && Int($0) < configuration.vocabularySize },
      "ids are in the vocabulary")
    precondition(
      pass.positions.allSatisfy { $0 >= 0 && Int($0) < pass.longest }, "texts are long enough")
    precondition(
      zip(pass.targets, pass.targets.dropFirst()).allSatisfy { $0.row <= $1.row }
        && pass.targets.allSatisfy { 0..<count ~= $0.row }, "targets are in the order of rows")
    var next = 0
    for part in pass.parts {
      precondition(part.rows.lowerBound == next && !part.rows.isEmpty, "parts cover the rows")
      next = part.rows.upperBound
      precondition(
        part.kept <= kept.ids.count
          && part.path.allSatisfy { $0.upperBound <= part.rows.lowerBound },
        "a path lies before its part")
      precondition(
        Int(pass.positions[part.rows.lowerBound])
          == part.kept + part.path.reduce(0) { $0 + $1.count }, "a part goes on after its path")
    }
    precondition(next == count, "parts cover the rows")
  }
}
