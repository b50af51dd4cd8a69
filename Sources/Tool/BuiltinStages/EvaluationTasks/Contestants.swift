internal import Diagnostics
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import StageKit
internal import Tokenization

/// The models of an evaluation by the port they came in, and what renders their prompts.
struct Contestants {
  /// In the order asked for; the first one is the candidate.
  let models: [(port: String, folder: ModelFolder)]
  /// What a reader of the report must know of them.
  private(set) var notes: [String] = []
  private let own: [ChatTemplate?]

  /// - Parameter ports: the candidate's first; absent ones are left out.
  init(_ ports: [String], _ context: StageContext) throws {
    var models: [(port: String, folder: ModelFolder)] = []
    for port in ports {
      guard let artifact = context.optionalInput(port) else { continue }
      models.append((port, try ModelFolder(artifact.tree, reference: artifact.reference)))
    }
    self.models = models
    own = try models.map { try ModelText.template(of: $0.folder) }
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
      models[index].folder, template: template(of: index), pool: context.pool)
  }

  mutating func note(_ index: Int, _ model: LanguageModelUnderTest) {
    if model.shortened == 0 { return }
    notes.append(
      "\(models[index].port): \(model.shortened) texts were longer than the model's context and "
        + "lost their beginning")
  }
}
