import Testing

/// Weights in every form, decoded to the bits of the CPU.
@Suite struct WeightKernelTests {
  @Test("rows of weights in every form have the CPU's bits")
  func expand() {
    for weights in StoredWeights.all(5, 512, seed: 3) {
      let out = Plane(Table(zero: 3, 512), gap: 5)
      launch(
        "orc_expand", grid: cellGrid(3, 512), block: (32, 8), .plane(out), .weights(weights),
        .int(1, 3, 512, 0))
      let expected = Array(weights.table.values[512..<4 * 512])
      #expect(out.table.values == expected, "\(weights.name)")
      #expect(out.hasWholeGaps)
    }
  }

  @Test("rows of weights rounded to bfloat16")
  func expandRounded() {
    let weights = StoredWeights.float32(Table(4, 96, seed: 4))
    let out = Cells([UInt16](repeating: 0, count: 4 * 96))
    launch(
      "orc_expand", grid: cellGrid(4, 96), block: (32, 8), .cells(out), .long(96),
      .weights(weights), .int(0, 4, 96, 1))
    let expected = weights.table.roundedToBfloat16.floats.map { UInt16($0.bitPattern >> 16) }
    #expect(out.values == expected)
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
