import CKernels
import Foundation
import Testing

/// Attention of every instruction set against all pairs in double precision.
@Suite struct KernelAttentionTests {
  struct Case: Sendable, CustomStringConvertible {
    let tokens, size, group: Int
    var window = Int.max
    var cap: Float = 0

    var width: Int { (group + 2) * size }
    var scale: Float { 1 / Float(size).squareRoot() }
    var description: String { "T \(tokens) D \(size) group \(group) window \(window) cap \(cap)" }
  }

  static let cases = [
    Case(tokens: 1, size: 8, group: 1), Case(tokens: 47, size: 5, group: 2),
    Case(tokens: 50, size: 48, group: 1, cap: 0.7), Case(tokens: 130, size: 64, group: 3),
    Case(tokens: 131, size: 16, group: 1, window: 20, cap: 2),
    Case(tokens: 200, size: 20, group: 2, window: 64), Case(tokens: 97, size: 80, group: 1),
  ]

  /// Queries, keys and values of one key-value head side by side, and a gradient of the output.
  struct Input {
    let shape: Case
    let x, up: [Float]

    init(_ shape: Case) {
      var noise = Noise(shape.tokens + shape.size)
      self.shape = shape
      x = noise.array(shape.tokens * shape.width, scale: 2)
      up = noise.array(shape.tokens * shape.group * shape.size)
    }

    func value(_ t: Int, _ c: Int) -> Double { Double(x[t * shape.width + c]) }
    func up(_ t: Int, _ head: Int, _ d: Int) -> Double {
      Double(up[(t * shape.group + head) * shape.size + d])
    }
  }

  /// The weights of one query, with the slope of the cap, and lse.
  static func weights(_ input: Input, _ i: Int, _ head: Int)
    -> (first: Int, p: [Double], slopes: [Double], lse: Double)
  {
    let shape = input.shape, size = shape.size
    let first = max(0, shape.window > i ? 0 : i - shape.window + 1)
    var scores: [Double] = [], slopes: [Double] = []
    for j in first...i {
      var s = 0.0
      for d in 0..<size {
        s += input.value(i, head * size + d) * input.value(j, shape.group * size + d)
      }
      s *= Double(shape.scale)
      let bent = shape.cap > 0 ? tanh(s / Double(shape.cap)) : 0
      scores.append(shape.cap > 0 ? Double(shape.cap) * bent : s)
      slopes.append(1 - bent * bent)
    }
    let top = scores.max() ?? 0
    let lse = top + log(scores.reduce(0) { $0 + exp($1 - top) })
    return (first, scores.map { exp($0 - lse) }, slopes, lse)
  }

  struct Output {
    var o, dx, lse: [Double]
  }

  /// o, lse, and the gradient of Σ up · o by queries, keys and values.
  static func reference(_ input: Input) -> Output {
    let shape = input.shape, (size, group) = (shape.size, shape.group)
    let keys = group * size, values = keys + size
    var out = Output(
      o: Array(repeating: 0, count: shape.tokens * keys),
      dx: Array(repeating: 0, count: shape.tokens * shape.width),
      lse: Array(repeating: 0, count: shape.tokens * group))
    for i in 0..<shape.tokens {
      for head in 0..<group {
        let (first, p, slopes, lse) = weights(input, i, head)
        out.lse[i * group + head] = lse
        var dp: [Double] = []
        for (n, weight) in p.enumerated() {
          var dot = 0.0
          for d in 0..<size {
            let v = input.value(first + n, values + d), up = input.up(i, head, d)
            out.o[i * keys + head * size + d] += weight * v
            out.dx[(first + n) * shape.width + values + d] += weight * up
            dot += up * v
          }
          dp.append(dot)
        }
        let mean = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
        for (n, weight) in p.enumerated() {
          let ds = weight * (dp[n] - mean) * slopes[n] * Double(shape.scale)
          for d in 0..<size {
            let (q, k) = (head * size + d, keys + d)
            out.dx[i * shape.width + q] += ds * input.value(first + n, k)
            out.dx[(first + n) * shape.width + k] += ds * input.value(i, q)
          }
        }
      }
    }
    return out
  }

  static func worst(_ x: [Double], _ y: [Float]) -> Double {
    zip(x, y).reduce(0) { max($0, abs($1.0 - Double($1.1))) }
  }

  @Test("forward, backward and parts of it", arguments: KernelLevel.available, cases)
  func wholeAndParts(level: KernelLevel, shape: Case) {
    let input = Input(shape), k = level.kernels
    let (tokens, size, group, width) = (shape.tokens, shape.size, shape.group, shape.width)
    let expected = Self.reference(input)
    var o = [Float](repeating: .nan, count: tokens * group * size)
    var lse = [Float](repeating: .nan, count: tokens * group)
    var dx = [Float](repeating: .nan, count: tokens * width)
    var (partO, partLSE) = (o, lse)
    input.x.withUnsafeBufferPointer { x in
      guard let q = x.baseAddress else { return }
      let (key, value) = (q + group * size, q + (group + 1) * size)
      k.attention_forward(
        &o, group * size, &lse, group, q, key, value, width, 0, tokens, size, group, shape.window,
        shape.scale, shape.cap)
      for start in stride(from: 0, to: tokens, by: 48) {
        k.attention_forward(
          &partO, group * size, &partLSE, group, q, key, value, width, start,
          min(48, tokens - start), size, group, shape.window, shape.scale, shape.cap)
      }
      dx.withUnsafeMutableBufferPointer { dx in
        guard let dq = dx.baseAddress else { return }
        k.attention_backward(
          dq, dq + group * size, dq + (group + 1) * size, width, input.up, o, group * size, lse,
          group, q, key, value, width, tokens, size, group, shape.window, shape.scale, shape.cap)
      }
    }
    #expect(partO == o && partLSE == lse)
    // Scores are sums of D products below 4 with a scale; weights carry their error.
    let noise = 0x1p-24 * 4 * Double(size + 8)
    #expect(Self.worst(expected.o, o) <= 2 * noise)
    #expect(Self.worst(expected.lse, lse) <= noise)
    let greatest = expected.dx.map(abs).max() ?? 0
    #expect(Self.worst(expected.dx, dx) <= 8 * noise * (1 + greatest))
  }

  @Test("one query over a cache", arguments: KernelLevel.available, cases)
  func one(level: KernelLevel, shape: Case) {
    let input = Input(shape), last = shape.tokens - 1
    let expected = Self.reference(input).o
    let skipped = shape.window > shape.tokens ? 0 : shape.tokens - shape.window
    var o = [Float](repeating: .nan, count: shape.size)
    input.x.withUnsafeBufferPointer { x in
      guard let q = x.baseAddress else { return }
      let key = q + skipped * shape.width + shape.group * shape.size
      for head in 0..<shape.group {
        level.kernels.attention_one(
          &o, q + last * shape.width + head * shape.size, key, key + shape.size, shape.width,
          shape.tokens - skipped, shape.size, shape.scale, shape.cap)
        let place = (last * shape.group + head) * shape.size
        let rest = Array(expected[place..<place + shape.size])
        #expect(Self.worst(rest, o) <= 0x1p-24 * 8 * Double(shape.size + 8))
      }
    }
  }
}
