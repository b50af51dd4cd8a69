internal import Diagnostics
internal import Documents
internal import ModelFiles
internal import Models
internal import Parallelism
internal import Records
internal import Reproducibility
internal import StageKit
internal import Tokenization

/// Compares the logits of the merged model as written with those of the adapter on its base.
///
/// Rounding a weight to a type with p bits of precision changes it by at most u = 2^−p of itself. A
/// token goes through 2 L + 1 products one after the other; errors of that many independent
/// roundings add up like their square root. With a factor of 4 for the largest of many logits
///
///     max |Δ logit| ≤ 4 √(2 L + 1) (u + √C 2^−24) max(1, max |logit|)
///
/// where √C 2^−24 is what sums of C terms in binary32 may differ by when they are grouped in
/// another way: W x + s B (A x) against (W + s B A) x.
struct MergeCheck {
  struct Result: Sendable {
    var rows: Int
    var positions: Int
    var difference: Double
    var bound: Double
    var largestLogit: Double
    /// Positions where both give the highest logit to the same token.
    var sameChoice: Int
    var type: String
    var isGivenBound: Bool

    var passes: Bool { difference <= bound }
    var sentence: String {
      "the merged model as written (\(type)) differs from the adapter on its base by up to "
        + "\(Self.figure(difference)) in a logit, \(passes ? "within" : "beyond") the bound of "
        + "\(Self.figure(bound)); the same token is first at \(sameChoice) of \(positions) positions"
    }

    static func figure(_ value: Double) -> String { "\(Float(value))" }
  }

  private let folder: ModelFolder
  private let parameters: ExportHF.Parameters
  private let context: StageContext
  /// Tokens of a sample at most; the comparison is of numbers, not of meaning.
  private static let lengthMax = 128

  init(_ folder: ModelFolder, _ parameters: ExportHF.Parameters, _ context: StageContext) {
    self.folder = folder
    self.parameters = parameters
    self.context = context
  }

  /// - Parameter target: the folder that was written.
  func compare(with target: String) throws -> Result {
    let samples = try samples()
    let expected = try logits(of: folder, samples)
    let written = try ModelFolder(FileTree(folder: target))
    let found = try logits(of: written, samples)
    var (difference, largest, same, positions) = (0.0, 0.0, 0, 0)
    for (a, b) in zip(expected, found) {
      positions += 1
      if Self.choice(a) == Self.choice(b) { same += 1 }
      for (x, y) in zip(a, b) {
        difference = max(difference, abs(Double(x) - Double(y)))
        largest = max(largest, abs(Double(x)))
      }
    }
    let type = coarsestType(written)
    return Result(
      rows: samples.count, positions: positions, difference: difference,
      bound: parameters.logitDifferenceMax ?? bound(type, largest), largestLogit: largest,
      sameChoice: same, type: type.torchName ?? type.rawValue,
      isGivenBound: parameters.logitDifferenceMax != nil)
  }

  private func bound(_ type: TensorType, _ largest: Double) -> Double {
    let unit: Double =
      switch type {
      case .BF16: 0x1p-9
      case .F16: 0x1p-12
      default: 0x1p-24
      }
    let configuration = folder.configuration
    let products = Double(2 * configuration.layerCount + 1).squareRoot()
    let sums = Double(configuration.hiddenSize).squareRoot() * 0x1p-24
    return 4 * products * (unit + sums) * max(1, largest)
  }

  /// The type of the fewest bits that a tensor is stored in.
  private func coarsestType(_ written: ModelFolder) -> TensorType {
    let types = Set(written.tensorNames.compactMap { written.type(of: $0) })
    return [TensorType.BF16, .F16].first { types.contains($0) } ?? .F32
  }

  private static func choice(_ logits: [Float]) -> Int {
    logits.indices.max { logits[$0] < logits[$1] } ?? 0
  }

  /// At every position of every sample, in order; one model is in memory at a time.
  private func logits(of folder: ModelFolder, _ samples: [[Int32]]) throws -> [[Float]] {
    let model = try LanguageModel.load(folder, trainable: .nothing, pool: context.pool)
    var all: [[Float]] = []
    for ids in samples {
      try context.checkCancelled()
      let batch = TokenBatch(predictingNextIn: [ids])
      // The first, the last, and each eighth between: enough to see any weight that is wrong.
      let positions = ids.indices.filter { $0 == 0 || $0 % 8 == 7 || $0 == ids.count - 1 }
      all += model.logits(batch, positions: Array(positions))
    }
    return all
  }

  // MARK: - Samples

  private func samples() throws -> [[Int32]] {
    let length = min(Self.lengthMax, folder.configuration.contextLength)
    let vocabulary = folder.configuration.vocabularySize
    var samples: [[Int32]] = []
    let tree = HFFiles.tokenizerTree(folder)
    if tree["tokenizer.json"] != nil {
      let tokenizer = try Tokenizer(tree)
      samples = try tokenized(tokenizer, template: ChatTemplate.find(in: tree))
    }
    samples = samples.map { Array($0.prefix(length)) }
      .filter { ids in !ids.isEmpty && ids.allSatisfy { $0 >= 0 && Int($0) < vocabulary } }
    if !samples.isEmpty { return samples }
    // Without a tokenizer any ids serve: the comparison is of two models on the same input.
    let random = CounterRandom(seed: 1, stream: "hf_export.samples")
    return (0..<parameters.sampleCount).map { row in
      (0..<min(32, length)).map { place in
        Int32(random.integer(UInt64(row * 32 + place), below: vocabulary))
      }
    }
  }

  private func tokenized(_ tokenizer: Tokenizer, template: ChatTemplate?) throws -> [[Int32]] {
    guard let records = context.optionalInput("samples") else {
      return Self.texts.prefix(parameters.sampleCount).map {
        tokenizer.encode($0, addSpecialTokens: true, parseSpecial: false)
      }
    }
    let builder = ExampleBuilder(tokenizer: tokenizer, template: template)
    var samples: [[Int32]] = []
    for row in try RecordsReader(records.tree).rows() where samples.count < parameters.sampleCount {
      if case .preference = row.content {
        let pair = try builder.preference(row)
        samples.append(pair.prompt + pair.chosen)
      } else {
        samples.append(try builder.example(row).ids)
      }
    }
    return samples
  }

  private static let texts = [
    "Hello, world! It's 2024-03-01, isn't it?",
    "Once upon a time there was a little girl who lived near a forest.",
    "def f(x):\n    return x * 2\n\nprint(f(21))\n",
    "The price is 1234567.89 EUR, and 17 % of it is tax.",
    "Dear customer, thank you for your message. We will answer within two working days.",
    "Zürich, Ωmega, Привет, 你好, مرحبا",
    "{\"name\": \"add\", \"arguments\": {\"a\": 1, \"b\": [2, 3]}}",
    "Q: What is the capital of France?\nA: Paris.",
  ]
}
