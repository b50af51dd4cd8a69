import Tensors

extension ConformanceCase {
  /// Rows, inputs, and (outputs, ranks) of each member: one block of rows and several, ranks that are
  /// no multiple of 4, more than a tile of 64 has, more members and ranks than one launch takes, sums in
  /// several pieces.
  static let lowRank: [ConformanceCase] =
    [
      (1, 3, [(5, 1)]), (16, 64, [(40, 16)]), (35, 130, [(33, 8), (70, 6), (9, 3)]),
      (17, 20, [(300, 70), (2, 4)]), (5, 12, [(3, 2), (4, 2), (1, 1), (6, 5)]), (3, 9, [(7, 390)]),
      // More than a piece of steps, a tile of columns, a block of rows on tensor cores.
      (70, 600, [(1100, 8), (530, 16)]),
    ].map { rows, inputs, members in
      ConformanceCase("low-rank products of \(rows) x \(inputs), members \(members)") {
        lowRank($0, rows, inputs, members)
      }
    } + [ConformanceCase("rows of low-rank products in any company", lowRankCompany)]

  private struct Members {
    var list: [LowRankMember] = []
    /// B (outputs, ranks) of each.
    var b: [Numbers] = []
    var outputs = 0
    var ranks = 0

    init(_ t: Trial, _ sizes: [(Int, Int)], gap: Int) {
      for (index, (count, rank)) in sizes.enumerated() {
        b.append(Numbers(count, rank, seed: 20 + index))
        // Outputs of members lie apart: what is between them stays.
        list.append(
          LowRankMember(
            outputs: outputs + 1..<outputs + 1 + count, ranks: ranks..<ranks + rank,
            b: t.matrix(b[index], gap: gap), scale: Float(index + 1) / 2))
        (outputs, ranks) = (outputs + count + 1, ranks + rank)
      }
    }
  }

  private static func lowRank(_ t: Trial, _ rows: Int, _ inputs: Int, _ sizes: [(Int, Int)]) {
    for gap in [0, 3] {
      let members = Members(t, sizes, gap: gap)
      let (x, a) = (Numbers(rows, inputs, seed: 1), Numbers(members.ranks, inputs, seed: 2))
      let start = Numbers(rows, members.outputs, seed: 3)
      let low = product(
        x, a.transposed, alpha: 1, start: nil, factorError: t.traits.lowRankError)
      var expected = start
      for (member, b) in zip(members.list, members.b) {
        add(&expected, member.outputs.lowerBound, low, member.ranks, b.transposed, member.scale)
      }
      for isPrompt in [false, true] {
        let (y, kept) = (t.matrix(start, gap: gap), t.empty(rows, members.ranks, gap: gap))
        t.backend.addLowRank(
          y, kept, t.matrix(x, gap: gap), t.matrix(a, gap: gap), members.list,
          rowsArePrompts: isPrompt)
        t.expect("low", kept, low)
        t.expect("y", y, expected)
      }
      back(t, members, rows, a, gap)
    }
  }

  private static func back(
    _ t: Trial, _ members: Members, _ rows: Int, _ a: Numbers, _ gap: Int
  ) {
    let dy = Numbers(rows, members.outputs, seed: 4), start = Numbers(rows, a.columns, seed: 5)
    var up = Numbers(rows, members.ranks)
    for (member, b) in zip(members.list, members.b) {
      var slice = Numbers(rows, member.outputs.count)
      for row in 0..<rows {
        for (index, column) in member.outputs.enumerated() { slice[row, index] = dy[row, column] }
      }
      let part = product(
        slice, b, alpha: Double(member.scale), start: nil, factorError: t.traits.lowRankError)
      for row in 0..<rows {
        for (index, rank) in member.ranks.enumerated() {
          up[row, rank] = part[row, index]
          up.errors[row * up.columns + rank] = part.errors[row * part.columns + index]
        }
      }
    }
    var expected = start
    add(&expected, 0, up, 0..<members.ranks, a, 1)
    for wantsInput in [true, false] {
      let (dx, kept) = (t.matrix(start, gap: gap), t.empty(rows, members.ranks, gap: gap))
      t.backend.lowRankBack(
        wantsInput ? dx : nil, kept, t.matrix(dy, gap: gap), t.matrix(a, gap: gap), members.list)
      t.expect("up", kept, up)
      t.expect("dx", dx, wantsInput ? expected : start)
    }
  }

  /// sum[, first...] += scale · factor[, ranks] · w, w (ranks, columns), with the errors of both.
  private static func add(
    _ sum: inout Numbers, _ first: Int, _ factor: Numbers, _ ranks: Range<Int>, _ w: Numbers,
    _ scale: Float
  ) {
    let scale = Double(scale)
    for row in 0..<sum.rows {
      for column in 0..<w.columns {
        var (total, size, error) = (0.0, 0.0, 0.0)
        for (index, rank) in ranks.enumerated() {
          let term = factor[row, rank] * w[index, column]
          total += term
          size += abs(term)
          error += factor.errors[row * factor.columns + rank] * abs(w[index, column])
        }
        let begin = sum[row, first + column]
        sum[row, first + column] = begin + scale * total
        sum.errors[row * sum.columns + first + column] =
          scale * (error + size * Double(ranks.count + 4) * unit)
          + 2 * unit * (abs(begin) + abs(scale * total))
      }
    }
  }

  private static func lowRankCompany(_ t: Trial) {
    let members = Members(t, [(40, 8), (9, 16)], gap: 0)
    let x = t.matrix(Numbers(40, 70, seed: 6)), a = t.matrix(Numbers(24, 70, seed: 7))
    func run(_ x: Matrix) -> [Float] {
      let (y, low) = (t.empty(x.rows, members.outputs), t.empty(x.rows, 24))
      t.backend.addLowRank(y, low, x, a, members.list, rowsArePrompts: true)
      return y.values()
    }
    let all = run(x)
    for rows in [0..<1, 15..<17, 39..<40, 3..<38] {
      t.expectSame(
        "rows \(rows)", run(x.rows(rows)),
        Array(all[rows.lowerBound * members.outputs..<rows.upperBound * members.outputs]))
    }
  }
}
