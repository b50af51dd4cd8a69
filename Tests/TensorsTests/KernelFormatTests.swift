import CKernels
import Foundation
import Testing

/// Stored forms of weights, and the functions inside softmax and gates.
@Suite struct KernelFormatTests {
  @Test("every bfloat16 widens exactly", arguments: KernelLevel.available)
  func widens(level: KernelLevel) {
    let all = (0...UInt16.max).map { $0 }
    var y = [Float](repeating: 0, count: all.count)
    level.kernels.f32_from_bf16(&y, all, all.count)
    for (x, value) in zip(all, y) { #expect(value.bitPattern == UInt32(x) << 16) }
  }

  @Test("float32 rounds to the nearest bfloat16, ties to even", arguments: KernelLevel.available)
  func rounds(level: KernelLevel) {
    for low in [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF] as [UInt32] {
      let x = (0...UInt32(0xFFFF)).map { Float(bitPattern: $0 << 16 | low) }
      var y = [UInt16](repeating: 0, count: x.count)
      level.kernels.bf16_from_f32(&y, x, x.count)
      for (value, rounded) in zip(x, y) {
        if value.isNaN {
          #expect(widened(rounded).isNaN)
        } else {
          #expect(rounded == nearestBFloat16(value))
        }
      }
    }
  }

  static let book: [Float] = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0,
  ]

  @Test("any stretch of an NF4 tensor", arguments: KernelLevel.available)
  func nf4(level: KernelLevel) {
    var noise = Noise(3)
    let codes = (0..<150).map { _ in UInt8(truncatingIfNeeded: noise.bits()) }
    let absmax = noise.array(5, scale: 3).map(abs)
    let all = (0..<300).map { i in
      let byte = codes[i / 2]
      return Self.book[Int(i % 2 == 0 ? byte >> 4 : byte & 15)] * absmax[i / 64]
    }
    for first in [0, 1, 2, 3, 31, 63, 64, 65, 127, 200] {
      for count in [0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 66, 100] {
        var y = [Float](repeating: .nan, count: count + 1)
        level.kernels.nf4_decode(&y, codes, absmax, first, count)
        #expect(y[count].isNaN && y.dropLast().elementsEqual(all[first..<first + count]))
      }
    }
  }

  @Test("the exponential is within 2e-7 of its value", arguments: KernelLevel.available)
  func exponential(level: KernelLevel) {
    let x = (0..<20_003).map { Float($0) * 0.0087 - 87.2 }
    // exp(x - 0) * 1, but for the label, which is the first.
    var y = [Float(0)] + x
    level.kernels.cross_entropy_backward(&y, [0], [0], [-1], 1, y.count, 0)
    for (x, value) in zip(x, y.dropFirst()) {
      let expected = exp(Double(x))
      #expect(abs(Double(value) - expected) <= 2e-7 * expected, "exp(\(x))")
    }
  }

  @Test("the exponential far out", arguments: KernelLevel.available)
  func exponentialFarOut(level: KernelLevel) {
    var y: [Float] = [0, -.infinity, -1e30, -104, .nan]
    level.kernels.cross_entropy_backward(&y, [0], [0], [-1], 1, y.count, 0)
    #expect(y[1] == 0 && y[2] == 0 && y[3] == 0 && y[4].isNaN)
  }

  @Test("the cap's hyperbolic tangent is within 3e-7", arguments: KernelLevel.available)
  func hyperbolicTangent(level: KernelLevel) {
    let cap: Float = 30
    for step in -400...400 {
      let q = Float(step) * 0.5
      var (o, lse): ([Float], [Float]) = ([0], [0])
      // One key: the sum of weights is 1 and lse is the score.
      level.kernels.attention_forward(&o, 1, &lse, 1, [q], [1], [2], 1, 0, 1, 1, 1, .max, 1, cap)
      let expected = Double(cap) * tanh(Double(q) / Double(cap))
      #expect(abs(Double(lse[0]) - expected) <= 3e-7 * abs(expected) && o[0] == 2)
    }
  }

  @Test("cross-entropy over many pieces", arguments: KernelLevel.available, [2048, 2049, 5003])
  func longRows(level: KernelLevel, vocabulary: Int) {
    var noise = Noise(vocabulary)
    // The maximum rises in one row, falls in the other.
    var x = noise.array(2 * vocabulary, scale: 4)
    for v in 0..<vocabulary {
      x[v] += Float(v) * 0.01
      x[vocabulary + v] -= Float(v) * 0.01
    }
    var (logp, lse): ([Float], [Float]) = ([0, 0], [0, 0])
    level.kernels.cross_entropy_forward(&logp, &lse, x, [3, 4], 2, vocabulary)
    for t in 0..<2 {
      let row = x[t * vocabulary..<(t + 1) * vocabulary].map(Double.init)
      let top = row.max() ?? 0
      let expected = top + log(row.reduce(0) { $0 + exp($1 - top) })
      #expect(abs(Double(lse[t]) - expected) <= 0x1p-23 * (abs(expected) + 2))
      #expect(abs(Double(logp[t]) - (row[3 + t] - expected)) <= 0x1p-22 * (abs(expected) + 8))
    }
    x[vocabulary - 1] = .nan
    level.kernels.cross_entropy_forward(&logp, &lse, x, [3, 4], 2, vocabulary)
    #expect(lse[0].isNaN && !lse[1].isNaN)
  }

  @Test("GeGLU by the tanh form", arguments: KernelLevel.available)
  func geglu(level: KernelLevel) {
    let width = 45
    var noise = Noise(9)
    var x = noise.array(4 * width, scale: 6)
    x[0] = 40
    x[1] = -40
    let dh = noise.array(2 * width)
    var h = [Float](repeating: 0, count: 2 * width)
    level.kernels.geglu_tanh_forward(&h, x, 2, width)
    var gradient = x
    gradient.withUnsafeMutableBufferPointer {
      level.kernels.geglu_tanh_backward($0.baseAddress, dh, $0.baseAddress, 2, width)
    }
    func gelu(_ g: Double) -> Double {
      0.5 * g * (1 + tanh((2 / Double.pi).squareRoot() * (g + 0.044715 * g * g * g)))
    }
    for t in 0..<2 {
      for f in 0..<width {
        let g = Double(x[t * 2 * width + f]), u = Double(x[t * 2 * width + width + f])
        let up = Double(dh[t * width + f])
        let slope = (gelu(g + 1e-5) - gelu(g - 1e-5)) / 2e-5
        #expect(abs(Double(h[t * width + f]) - gelu(g) * u) <= 1e-6 * (1 + abs(g * u)))
        #expect(abs(Double(gradient[t * 2 * width + f]) - up * u * slope) <= 2e-6 * (1 + abs(u)))
        #expect(
          abs(Double(gradient[t * 2 * width + width + f]) - up * gelu(g)) <= 1e-6 * (1 + abs(g)))
      }
    }
  }
}
