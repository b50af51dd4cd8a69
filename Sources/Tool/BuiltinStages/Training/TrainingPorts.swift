internal import StageKit

extension Ports {
  /// Ports of a stage that trains: a model and rows in, a model and a report out.
  ///
  /// - Parameters:
  ///   - model: what the starting model is.
  ///   - rows: what a row of `train` and `validation` is.
  static func training(model: String, rows: String, _ others: [Port] = []) -> Ports {
    Ports(
      inputs: [Port("model", .model, help: model)] + others + [
        Port("train", .records, help: "\(rows) to train on."),
        Port("validation", .records, optional: true, help: "\(rows) to evaluate on."),
      ],
      outputs: [
        Port("model", .model, help: "The adapter, or the model with all its weights."),
        Port("report", .report, help: "Rows, steps, and the validation rows before and after."),
      ])
  }
}
