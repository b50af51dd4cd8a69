import ModelFiles
import Models
import Parallelism
import Testing

/// What linears read, against its definition.
@Suite struct InputSquaresTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 50, hiddenSize: 32, intermediateSize: 48, layerCount: 2,
    headCount: 4, keyValueHeadCount: 2, headSize: 8, contextLength: 64)

  @Test("sums are those of the squares of each input, over all rows of all batches")
  func sums() throws {
    let model = LanguageModel.initialized(
      Self.configuration, seed: 3, trainable: .nothing, pool: ThreadPool(threads: 2))
    let squares = InputSquares()
    let texts: [[Int32]] = [[1, 7, 9, 4], [3, 3, 8], [2, 49]]
    for text in texts {
      model.observe(
        TokenBatch(
          ids: text, starts: [0, text.count],
          labels: Array(repeating: TokenBatch.ignored, count: text.count)), squares)
    }
    let sums = squares.sums
    #expect(sums.count == 14 && sums.values.allSatisfy { $0.rows == 9 })
    let first = "model.layers.0.self_attn."
    #expect(sums[first + "q_proj"] == sums[first + "v_proj"])
    #expect(sums[first + "o_proj"]?.squares.count == 32)
    #expect(sums["model.layers.1.mlp.down_proj"]?.squares.count == 48)
    // The first layer reads normalized embeddings; the norm's weight is 1 in a fresh model.
    let table = model.weight("model.embed_tokens.weight")
    var expected = [Double](repeating: 0, count: 32)
    for id in texts.flatMap(\.self) {
      let row = table[Int(id) * 32..<Int(id + 1) * 32].map { Double($0) }
      let mean = row.reduce(0) { $0 + $1 * $1 } / 32
      for (column, value) in row.enumerated() {
        expected[column] += value * value / (mean + Self.configuration.rmsNormEpsilon)
      }
    }
    for (sum, goal) in zip(try #require(sums[first + "k_proj"]).squares, expected) {
      #expect(abs(Double(sum) - goal) < 1e-4 * goal)
    }
  }
}
