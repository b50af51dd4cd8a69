internal import Diagnostics
internal import Documents
internal import Endpoints
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Reproducibility
internal import StageKit
internal import Tokenization

/// The model that a stage asks: behind an endpoint, or at one of its ports.
struct AskedModel {
  let model: any TextModel
  /// Of an endpoint.
  let client: EndpointClient?

  /// - Parameter fallback: the template of a model that has none.
  static func make(
    _ endpoint: EndpointParameters, port: String, device: DeviceClass, _ context: StageContext,
    fallback: ChatTemplate? = nil
  ) throws -> AskedModel {
    guard let settings = endpoint.settings else {
      let artifact = context.input(port)
      return AskedModel(
        model: try LocalSampler(artifact, fallback: fallback, device: device, context), client: nil)
    }
    let client = EndpointClient(
      settings,
      key: try endpoint.keyVariable.map {
        try EndpointKey(variable: $0, header: endpoint.keyHeader)
      },
      cache: context.answers.map { AnswerCache(folder: $0) }, ledger: CostLedger(endpoint.costs),
      isStopped: { context.isStopRequested })
    return AskedModel(model: EndpointTextModel(client), client: client)
  }

  /// `ledger.json`: the endpoint's answers and their cost; for a model of this process its name.
  var ledger: JSONValue {
    guard let client else {
      return ["formatVersion": 1, "endpoint": .null, "model": .string(model.name), "cost": 0]
    }
    return client.ledger.json(
      endpoint: client.settings.address.base, model: client.settings.model)
  }

  /// Tells what went over the network in this attempt, which is no part of a result.
  func tell(_ context: StageContext) {
    guard let client else { return }
    let traffic = client.traffic
    context.count("endpoint.answers", traffic.answered)
    context.count("endpoint.kept", traffic.cached)
    if traffic.retries > 0 { context.count("endpoint.retries", traffic.retries) }
  }

  /// One line of Markdown.
  var line: String {
    guard let client else { return "Asked: \(ReportFolder.cell(model.name))." }
    let (ledger, use) = (client.ledger, client.ledger.use)
    return "Asked: \(ReportFolder.cell(client.settings.model)) at \(client.settings.address.base); "
      + "\(ledger.requests) answers, \(use.input) tokens in, \(use.output) out, cost "
      + "\(Figures.decimal(ledger.cost, 4))."
  }
}
