private import Foundation

/// How far a student's distribution over the vocabulary is from a teacher's.
///
/// With t and s the teacher's and the student's softmax of logits / temperature and
/// m = b t + (1-b) s:
///
///     forward_kl   sum t (log t - log s)                                      Hinton et al. 2015
///     reverse_kl   sum s (log s - log t)                                      Gu et al. 2023
///     js           b sum t (log t - log m) + (1-b) sum s (log s - log m)      Agarwal et al. 2023
///
/// as TRL 1.16's GKD computes them, where b = 0 is the forward and b = 1 the reverse divergence.
/// Nothing is multiplied by the square of the temperature.
package struct VocabularyDivergence: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case forwardKL
    case reverseKL
    /// With b between 0 and 1.
    case jensenShannon(Double)
  }

  package var kind: Kind
  package var temperature: Double

  package init(_ kind: Kind, temperature: Double = 1) {
    precondition(temperature > 0, "a positive temperature")
    self.kind = kind
    self.temperature = temperature
  }

  /// TRL's one number for all three.
  package init(beta: Double, temperature: Double = 1) {
    let kind: Kind = beta == 0 ? .forwardKL : beta == 1 ? .reverseKL : .jensenShannon(beta)
    self.init(kind, temperature: temperature)
  }

  /// The divergence of one position; sums in double, in the order of the vocabulary.
  ///
  /// Cost: two exponentials per token of the vocabulary (three and a logarithm for `js`).
  ///
  /// - Parameters:
  ///   - student, teacher: V logits each, of one length.
  ///   - gradient: V numbers, overwritten with `scale` times the slope by the student's logits; may
  ///     be `student`.
  package func value(
    student: UnsafeBufferPointer<Float>, teacher: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>? = nil, scale: Double = 1
  ) -> Double {
    precondition(student.count == teacher.count, "one vocabulary")
    precondition(gradient == nil || gradient?.count == student.count, "a slope per logit")
    let row = Row(student, teacher, temperature)
    var value = 0.0
    for j in 0..<student.count { value += term(row, j) }
    guard let gradient else { return value }
    // d log s_k / d z_j = ((k == j) - s_j) / temperature, so a sum over k of g_k s_k gives
    // s_j (g_j - sum s g) / temperature.
    var mean = 0.0
    if kind != .forwardKL {
      for j in 0..<student.count { mean += exp(row.logStudent(j)) * slope(row, j) }
    }
    for j in 0..<student.count {
      let s = exp(row.logStudent(j))
      let slope =
        kind == .forwardKL ? s - exp(row.logTeacher(j)) : s * (slope(row, j) - mean)
      gradient[j] = Float(scale / temperature * slope)
    }
    return value
  }

  /// The part of one token of the vocabulary; one of probability 0 has none.
  private func term(_ row: Row, _ j: Int) -> Double {
    let (s, t) = (row.logStudent(j), row.logTeacher(j))
    switch kind {
    case .forwardKL: return Self.product(t, t - s)
    case .reverseKL: return Self.product(s, s - t)
    case .jensenShannon(let b):
      let m = Self.mixture(s, t, b)
      return b * Self.product(t, t - m) + (1 - b) * Self.product(s, s - m)
    }
  }

  /// d value / d s_j up to a constant, which drops out.
  private func slope(_ row: Row, _ j: Int) -> Double {
    let s = row.logStudent(j)
    if s == -.infinity { return 0 }
    switch kind {
    case .forwardKL: preconditionFailure("has a form of its own")
    case .reverseKL: return s - row.logTeacher(j)
    case .jensenShannon(let b): return (1 - b) * (s - Self.mixture(s, row.logTeacher(j), b))
    }
  }

  /// exp(p) x, with 0 for p = -infinity whatever x.
  private static func product(_ p: Double, _ x: Double) -> Double {
    p == -.infinity ? 0 : exp(p) * x
  }

  /// log(b exp(t) + (1 - b) exp(s)).
  private static func mixture(_ s: Double, _ t: Double, _ b: Double) -> Double {
    let (x, y) = (t + log(b), s + log1p(-b))
    let top = max(x, y)
    return top == -.infinity ? top : top + log1p(exp(min(x, y) - top))
  }

  /// Log-probabilities of both models at one position.
  private struct Row {
    private let student: UnsafeBufferPointer<Float>
    private let teacher: UnsafeBufferPointer<Float>
    private let temperature: Double
    private let studentNormalizer: Double
    private let teacherNormalizer: Double

    init(
      _ student: UnsafeBufferPointer<Float>, _ teacher: UnsafeBufferPointer<Float>,
      _ temperature: Double
    ) {
      self.student = student
      self.teacher = teacher
      self.temperature = temperature
      studentNormalizer = Self.logSumExp(student, temperature)
      teacherNormalizer = Self.logSumExp(teacher, temperature)
    }

    func logStudent(_ j: Int) -> Double { Double(student[j]) / temperature - studentNormalizer }
    func logTeacher(_ j: Int) -> Double { Double(teacher[j]) / temperature - teacherNormalizer }

    private static func logSumExp(_ logits: UnsafeBufferPointer<Float>, _ temperature: Double)
      -> Double
    {
      let top = Double(logits.max() ?? 0)
      var sum = 0.0
      for logit in logits { sum += exp((Double(logit) - top) / temperature) }
      return top / temperature + log(sum)
    }
  }
}
