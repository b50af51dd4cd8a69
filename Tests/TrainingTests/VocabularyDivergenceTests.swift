import Foundation
import Reproducibility
import Testing
import Training

@Suite("VocabularyDivergence")
struct VocabularyDivergenceTests {
  static func softmax(_ logits: [Double], _ temperature: Double) -> [Double] {
    let e = logits.map { exp($0 / temperature) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  static func kl(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * log($1.0 / $1.1)) }
  }

  static func specification(
    _ beta: Double, _ temperature: Double, _ student: [Double], _ teacher: [Double]
  )
    -> Double
  {
    let (s, t) = (softmax(student, temperature), softmax(teacher, temperature))
    if beta == 0 { return kl(t, s) }
    if beta == 1 { return kl(s, t) }
    let m = zip(s, t).map { (1 - beta) * $0 + beta * $1 }
    return beta * kl(t, m) + (1 - beta) * kl(s, m)
  }

  static func run(
    _ divergence: VocabularyDivergence, _ student: [Float], _ teacher: [Float], scale: Double = 1
  )
    -> (value: Double, gradient: [Float])
  {
    var gradient = [Float](repeating: 7, count: student.count)
    let value = student.withUnsafeBufferPointer { s in
      teacher.withUnsafeBufferPointer { t in
        gradient.withUnsafeMutableBufferPointer {
          divergence.value(student: s, teacher: t, gradient: $0, scale: scale)
        }
      }
    }
    return (value, gradient)
  }

  @Test(
    "value and gradient agree with the formula",
    arguments: [0.0, 0.1, 0.5, 0.9, 1], [1.0, 2.5])
  func formula(_ beta: Double, _ temperature: Double) {
    let random = CounterRandom(seed: 4, stream: "divergence")
    for trial in 0..<10 {
      let draws = (0..<14).map { Float(2 * random.normal(UInt64(trial * 14 + $0))) }
      let (student, teacher) = (Array(draws[0..<7]), Array(draws[7...]))
      let divergence = VocabularyDivergence(beta: beta, temperature: temperature)
      let result = Self.run(divergence, student, teacher, scale: 0.25)
      let (s, t) = (student.map(Double.init), teacher.map(Double.init))
      #expect(
        abs(result.value - Self.specification(beta, temperature, s, t)) < 1e-12, "trial \(trial)")
      for j in s.indices {
        let slope = Slope.of(
          { x in
            var moved = s
            moved[j] += x
            return Self.specification(beta, temperature, moved, t)
          }, at: 0)
        #expect(abs(Double(result.gradient[j]) - 0.25 * slope) < 1e-7)
      }
    }
  }

  @Test("equal distributions have no divergence and no slope", arguments: [0.0, 0.5, 1])
  func equal(_ beta: Double) {
    let logits: [Float] = [1, -2, 0.5, 900]
    let result = Self.run(VocabularyDivergence(beta: beta), logits, logits)
    #expect(abs(result.value) < 1e-12)
    #expect(result.gradient.allSatisfy { abs($0) < 1e-12 })
  }

  @Test("a token that both models exclude changes nothing")
  func excluded() {
    for beta in [0.0, 0.5, 1] {
      let divergence = VocabularyDivergence(beta: beta)
      let plain = Self.run(divergence, [1, 2], [2, 0.5])
      let longer = Self.run(divergence, [1, 2, -.infinity], [2, 0.5, -.infinity])
      #expect(abs(plain.value - longer.value) < 1e-15)
      #expect(longer.gradient == plain.gradient + [0])
    }
  }

  @Test("logits far apart stay finite")
  func extremes() {
    for beta in [0.0, 0.5, 1] {
      let result = Self.run(VocabularyDivergence(beta: beta), [5000, -5000], [-5000, 5000])
      #expect(result.value.isFinite && result.gradient.allSatisfy(\.isFinite))
    }
  }
}
