internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Reproducibility
internal import Scoring
internal import StageKit
internal import Tokenization

/// The models of an evaluation by the port they came in, and what renders their prompts.
struct Contestants {
  /// In the order asked for; the first one is the candidate.
  let models: [(port: String, folder: ModelFolder)]
  /// What a reader of the report must know of them.
  private(set) var notes: [String] = []
  /// What each is, for fingerprints.
  let identities: [String: JSONValue]
  private let own: [ChatTemplate?]
  private let device: DeviceClass

  /// - Parameter ports: the candidate's first; absent ones are left out.
  init(_ ports: [String], _ device: DeviceClass, _ context: StageContext) throws {
    self.device = device
    var models: [(port: String, folder: ModelFolder)] = []
    for port in ports {
      guard let artifact = context.optionalInput(port) else { continue }
      models.append((port, try ModelFolder(artifact.tree, reference: artifact.reference)))
    }
    self.models = models
    let own = try models.map { try ModelText.template(of: $0.folder) }
    self.own = own
    let shared = own.lazy.compactMap(\.self).first
    identities = Dictionary(
      uniqueKeysWithValues: zip(models, own).map { model, template in
        (
          model.port,
          .object([
            "artifact": .string(context.input(model.port).digest.hex),
            "template": (template ?? shared).map {
              .string(Digest(of: $0.source.utf8).hex)
            } ?? .null,
          ])
        )
      })
    for (model, template) in zip(models, own).dropFirst() where own[0] != nil && template == nil {
      notes.append(
        "the \(model.port) has no chat template and was asked with the \(models[0].port)'s")
    }
  }

  var candidate: ModelFolder { models[0].folder }

  /// The model's own template, or the first one that another brings.
  func template(of index: Int) -> ChatTemplate? {
    own[index] ?? own.lazy.compactMap(\.self).first
  }

  /// Loads a model; to be let go of before the next, where both need not be in memory.
  func load(_ index: Int, _ context: StageContext) throws -> LanguageModelUnderTest {
    try LanguageModelUnderTest(
      models[index].folder, template: template(of: index), pool: context.pool,
      backend: ComputeDevice.backend(device, pool: context.pool))
  }

  mutating func note(_ index: Int, _ model: LanguageModelUnderTest) {
    if model.shortened == 0 { return }
    notes.append(
      "\(models[index].port): \(model.shortened) texts were longer than the model's context and "
        + "lost their beginning")
  }
}

extension Contestants {
  /// Measures all models, the candidate first, one in memory at a time but where distributions
  /// are compared.
  ///
  /// - Parameter whileLoaded: called once with the candidate.
  mutating func measure(
    _ run: EvaluationRun, _ context: StageContext,
    whileLoaded: (LanguageModelUnderTest) throws -> Void
  ) throws -> [Opponent] {
    let total = models.count * run.itemCount
    func progress(_ done: Int) throws {
      context.progress(done, of: total, "rows")
      try context.checkCancelled()
    }
    var results: [Opponent] = []
    let second = models.firstIndex { $0.port == "baseline" }
    if run.comparesModels, let second {
      let first = try load(0, context)
      let other = try load(second, context)
      try whileLoaded(first)
      let measured = try run.measure(first, other, afterItems: progress)
      try first.check()
      try other.check()
      results = [
        Opponent(models[0].port, measured.candidate), Opponent("baseline", measured.baseline),
      ]
      note(0, first)
      note(second, other)
    }
    for index in models.indices
    where !results.contains(where: { $0.name == models[index].port }) {
      let model = try load(index, context)
      if index == 0 { try whileLoaded(model) }
      let before = results.count * run.itemCount
      results.append(
        Opponent(
          models[index].port,
          try run.measure(model) { try progress(before + $0) }))
      try model.check()
      note(index, model)
    }
    return results
  }

  /// Answers that a reader must not take for finished ones.
  static func endings(_ results: [Opponent]) -> [String] {
    results.compactMap { model in
      let (answers, unended) = model.results.reduce((0, 0)) {
        ($0.0 + $1.generated.answers, $0.1 + $1.generated.unended)
      }
      guard unended > 0 else { return nil }
      return "\(model.name): \(unended) of \(answers) answers did not end by themselves but for "
        + "want of room (max_new_tokens, or the model's context)"
    }
  }

  /// Numbers of the run that status and logs show.
  func count(_ report: EvaluationReport, _ context: StageContext) {
    for score in report.scores where score.slice == nil && score.versus != "champion" {
      context.report(
        .metric(
          name: "\(score.task).\(score.metric)", step: 0, value: score.candidate.estimate))
      context.count("rows.\(score.task)", score.count)
    }
  }
}
