import Models
import Tensors

extension LanguageModel {
  func gradientNorm(_ parameter: TrainableParameter) -> Double {
    backend.sumOfSquares(parameter.gradient).squareRoot()
  }
}

/// Mean negative log-likelihood.
func meanNLL(_ logProbabilities: [Float]) -> Double {
  -logProbabilities.reduce(0) { $0 + Double($1) } / Double(logProbabilities.count)
}
