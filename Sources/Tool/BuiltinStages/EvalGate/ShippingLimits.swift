internal import Diagnostics
internal import Evaluation
private import Foundation
internal import Generation
internal import ModelFiles
internal import Reproducibility
internal import Scoring
internal import StageKit

/// Bounds on what a model costs where it runs: bytes and speed.
struct ShippingLimits: Sendable {
  let sizeMax: Int?
  let tokensPerSecondMin: Double?

  init(_ read: inout ParameterReader) {
    sizeMax = read.optionalInteger(
      "max_model_bytes", in: 1...Int.max,
      help: "Bytes of the candidate's files at most, an adapter's base included.")
    tokensPerSecondMin = read.optionalNumber(
      "min_tokens_per_second", in: 0.000_001...Double.greatestFiniteMagnitude,
      help: "Tokens that one answer grows by in a second on this machine at least: the median of "
        + "five answers. The one bound that another machine may decide otherwise.")
  }

  /// - Parameter model: loaded; asked only where a speed is asked for.
  func verdicts(_ folder: ModelFolder, _ model: () throws -> LanguageModelUnderTest) throws
    -> [RuleVerdict]
  {
    var found: [RuleVerdict] = []
    if let sizeMax {
      let bytes = Self.bytes(of: folder)
      found.append(
        RuleVerdict(
          rule: "model files at most \(sizeMax) bytes",
          decision: bytes <= sizeMax ? .pass : .refused,
          sentence: "the model's files have \(bytes) bytes, "
            + (bytes <= sizeMax ? "at most" : "more than") + " \(sizeMax)"))
    }
    if let least = tokensPerSecondMin {
      let speed = try Self.speed(model())
      found.append(
        RuleVerdict(
          rule: "at least \(least) tokens per second",
          decision: speed >= least ? .pass : .refused,
          sentence: "an answer grows by \(Evaluation.Figures.number(speed)) tokens per second "
            + "here (median of \(Self.answers)), " + (speed >= least ? "at least" : "below")
            + " the required \(Evaluation.Figures.number(least))"))
    }
    return found
  }

  private static func bytes(of folder: ModelFolder) -> Int {
    var paths = Set(folder.tree.paths.values)
    if folder.manifest.form == .adapter { paths.formUnion(folder.weightsTree.paths.values) }
    return paths.reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: URL(filePath: path).resolvingSymlinksInPath().path)
      return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }

  private static let answers = 5

  /// Tokens per second of one answer at a time.
  private static func speed(_ model: LanguageModelUnderTest) throws -> Double {
    let settings = CompletionSettings(maxNewTokens: 33)
    func seconds(_ tokens: Int) throws -> (seconds: Double, tokens: Int) {
      let start = ContinuousClock.now
      var settings = settings
      settings.maxNewTokens = tokens
      let answer = try model.answers(to: [.completion(.text("The"), settings)]) { _ in }
      guard case .completion(let written)? = answer.first else { return (0, 0) }
      let spent = ContinuousClock.now - start
      let (whole, part) = spent.components
      return (Double(whole) + Double(part) * 1e-18, written.reduce(0) { $0 + $1.tokens })
    }
    _ = try seconds(2)
    let speeds = try (0..<answers).map { _ in
      let measured = try seconds(settings.maxNewTokens)
      return measured.seconds > 0 ? Double(measured.tokens) / measured.seconds : 0
    }.sorted()
    return speeds[answers / 2]
  }
}
