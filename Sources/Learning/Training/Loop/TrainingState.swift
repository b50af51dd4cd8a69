internal import Diagnostics
internal import Documents
private import Foundation
internal import Reproducibility

/// What the next step's bits depend on besides the model's weights and the optimizer's moments.
///
/// The place in the data is the step: which rows a step sees is a pure function of it
/// (``RunPlan``), and so are dropout and the learning rate.
struct TrainingState: Sendable, Hashable {
  /// Optimizer steps taken.
  var step = 0
  /// Tokens that went through the model.
  var tokens = 0
  /// The last step after which the model was evaluated; -1 before the first evaluation.
  var evaluatedStep = -1
  var best: Best?
  /// Evaluations since ``best``.
  var evaluationsWithoutGain = 0
  /// Steps in a row above the watchdog's threshold.
  var watchdogCount = 0
  /// What the spikes of the loss and of the gradient norm are told by.
  var losses = SpikeMonitor()
  var norms = SpikeMonitor()
  var overfitting = OverfittingRule()
  /// Values before the first step.
  var before: [NamedValue] = []
  /// Values of the last evaluation.
  var last: [NamedValue] = []

  struct Best: Sendable, Hashable {
    var step: Int
    var loss: Double
    var values: [NamedValue]
  }

  var json: JSONValue {
    var members: [JSONMember] = [
      JSONMember("format_version", 1), JSONMember("step", .integer(Int64(step))),
      JSONMember("tokens", .integer(Int64(tokens))),
      JSONMember("evaluated_step", .integer(Int64(evaluatedStep))),
      JSONMember("evaluations_without_gain", .integer(Int64(evaluationsWithoutGain))),
      JSONMember("watchdog_count", .integer(Int64(watchdogCount))),
      JSONMember("losses", Self.json(losses.values)), JSONMember("norms", Self.json(norms.values)),
      JSONMember("before", Self.json(before)), JSONMember("last", Self.json(last)),
    ]
    if let best {
      members.append(
        JSONMember(
          "best",
          .object([
            JSONMember("step", .integer(Int64(best.step))),
            JSONMember("loss", .number(best.loss)),
            JSONMember("values", Self.json(best.values)),
          ])))
    }
    return .object(members)
  }

  /// Nil when `json` is not what ``json`` writes.
  init?(_ json: JSONValue) {
    guard json["format_version"]?.integerValue == 1, let step = json["step"]?.integerValue,
      let tokens = json["tokens"]?.integerValue,
      let evaluatedStep = json["evaluated_step"]?.integerValue,
      let without = json["evaluations_without_gain"]?.integerValue,
      let watchdog = json["watchdog_count"]?.integerValue,
      let losses = json["losses"]?.arrayValue?.compactMap(\.doubleValue),
      let norms = json["norms"]?.arrayValue?.compactMap(\.doubleValue),
      let before = Self.values(json["before"]), let last = Self.values(json["last"])
    else { return nil }
    self.init()
    self.step = step
    self.tokens = tokens
    self.evaluatedStep = evaluatedStep
    evaluationsWithoutGain = without
    watchdogCount = watchdog
    self.losses = SpikeMonitor(values: losses)
    self.norms = SpikeMonitor(values: norms)
    self.before = before
    self.last = last
    if let best = json["best"] {
      guard let step = best["step"]?.integerValue, let loss = best["loss"]?.doubleValue,
        let values = Self.values(best["values"])
      else { return nil }
      self.best = Best(step: step, loss: loss, values: values)
    }
  }

  init() {}

  private static func json(_ values: [Double]) -> JSONValue {
    .array(values.map { .number($0) })
  }

  private static func json(_ values: [NamedValue]) -> JSONValue {
    .array(values.map { .array([.string($0.name), .number($0.value)]) })
  }

  private static func values(_ json: JSONValue?) -> [NamedValue]? {
    guard let items = json?.arrayValue else { return nil }
    var values: [NamedValue] = []
    for item in items {
      guard let pair = item.arrayValue, pair.count == 2, let name = pair[0].stringValue,
        let value = pair[1].doubleValue
      else { return nil }
      values.append(NamedValue(name, value))
    }
    return values
  }
}
