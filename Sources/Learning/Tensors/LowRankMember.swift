/// One of the adapters whose A are stacked: where its outputs and ranks are, B (N, R) and its scale.
package struct LowRankMember: Sendable {
  /// Columns of y.
  package var outputs: Range<Int>
  /// Rows of the stacked A.
  package var ranks: Range<Int>
  package var b: Matrix
  package var scale: Float

  package init(outputs: Range<Int>, ranks: Range<Int>, b: Matrix, scale: Float) {
    precondition(b.rows == outputs.count && b.columns == ranks.count, "B is (outputs, ranks)")
    self.outputs = outputs
    self.ranks = ranks
    self.b = b
    self.scale = scale
  }
}

/// Low-rank products one after the other.
extension Backend {
  package func addLowRank(
    _ y: Matrix, _ low: Matrix, _ x: Matrix, _ a: Matrix, _ members: [LowRankMember],
    rowsArePrompts: Bool
  ) {
    addLowRankInParts(y, low, x, a, members, rowsArePrompts: rowsArePrompts)
  }

  package func lowRankBack(
    _ dx: Matrix?, _ up: Matrix, _ dy: Matrix, _ a: Matrix, _ members: [LowRankMember]
  ) {
    lowRankBackInParts(dx, up, dy, a, members)
  }

  package func addLowRankInParts(
    _ y: Matrix, _ low: Matrix, _ x: Matrix, _ a: Matrix, _ members: [LowRankMember],
    rowsArePrompts: Bool
  ) {
    func product(_ c: Matrix, _ a: Matrix, _ b: Matrix, _ alpha: Float, _ accumulate: Bool) {
      if rowsArePrompts {
        multiplyPromptTransposed(c, a, b, alpha: alpha, accumulate: accumulate)
      } else {
        multiplyTransposed(c, a, b, alpha: alpha, accumulate: accumulate)
      }
    }
    product(low, x, a, 1, false)
    for member in members {
      product(
        y.columns(member.outputs), low.columns(member.ranks), member.b, member.scale, true)
    }
  }

  package func lowRankBackInParts(
    _ dx: Matrix?, _ up: Matrix, _ dy: Matrix, _ a: Matrix, _ members: [LowRankMember]
  ) {
    for member in members {
      multiply(
        up.columns(member.ranks), dy.columns(member.outputs), member.b, alpha: member.scale,
        accumulate: false)
    }
    if let dx { multiply(dx, up, a, accumulate: true) }
  }
}
