import Testing

/// Weights in every form, decoded to the bits of the CPU.
@Suite struct WeightKernelTests {
  /// A gap of 5 keeps cells from being written four at a time, one of 4 does not.
  @Test("rows of weights in every form have the CPU's bits", arguments: [4, 5])
  func expand(gap: Int) {
    for weights in StoredWeights.all(5, 512, seed: 3) {
      let out = Plane(Table(zero: 3, 512), gap: gap)
      launch(
        "orc_expand", grid: cellGrid(3, 512), block: (32, 8), .plane(out), .weights(weights),
        .int(1, 3, 512, 0))
      let expected = Array(weights.table.values[512..<4 * 512])
      #expect(out.table.values == expected, "\(weights.name)")
      #expect(out.hasWholeGaps)
    }
  }

  @Test("rows of weights rounded to bfloat16", arguments: [0, 1])
  func expandRounded(gap: Int) {
    for weights in StoredWeights.all(4, 256, seed: 4) {
      let out = Cells([UInt16](repeating: 7, count: 4 * (256 + gap)))
      launch(
        "orc_expand", grid: cellGrid(4, 256), block: (32, 8), .cells(out), .long(256 + gap),
        .weights(weights), .int(0, 4, 256, 1))
      let rounded = weights.table.roundedToBfloat16
      let expected = (0..<4).flatMap { row in
        (0..<256).map { UInt16(Float(rounded[row, $0]).bitPattern >> 16) }
          + Array(repeating: 7, count: gap)
      }
      #expect(out.values == expected, "\(weights.name)")
    }
  }

  @Test("rows of ids, in every form")
  func gather() {
    let ids: [Int32] = [4, 0, 4, 2]
    for weights in StoredWeights.all(5, 256, seed: 5) {
      let y = Plane(Table(zero: 4, 256), gap: 1)
      launch(
        "orc_gather_weights", grid: cellGrid(4, 256), block: (32, 8), .plane(y),
        .weights(weights), .cells(Cells(ids)), .int(4, 256), .float(2))
      let expected = Table(4, 256) { 2 * weights.table[Int(ids[$0]), $1] }
      #expect(y.table.values == expected.values, "\(weights.name)")
      #expect(y.hasWholeGaps)
    }
  }
}
