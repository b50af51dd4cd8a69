package import Diagnostics

/// What a running stage tells the engine; one NDJSON line each on the child's event stream.
package enum StageEvent: Sendable, Hashable, Codable {
  /// How far the stage is. `rates` are shown beside the bar (`loss`, `tokens_per_second`, …) and
  /// never stored as results.
  case progress(done: Int, total: Int?, unit: String, rates: [String: Double])
  /// A value that belongs to a step; upserted by (job, name, step), so a resumed step overwrites.
  case metric(name: String, step: Int, value: Double)
  /// A count of the whole stage, by reason: `rows_in`, `rows_out`, `dropped.duplicate`, …
  case count(name: String, value: Int)
  case message(Diagnostic)
  /// A checkpoint of `step` is durable.
  case checkpoint(step: Int)
}
