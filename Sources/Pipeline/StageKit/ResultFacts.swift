/// What is known of a finished result beside its outputs: what it said, what it cost.
package struct ResultFacts: Sendable, Hashable, Codable {
  /// The last value of every metric; one whose last value was no number is left out.
  package var metrics: [String: Double]
  /// `rows_in`, `rows_out`, …
  package var counts: [String: Int]
  /// Of the attempt that finished it.
  package var seconds: Double
  /// The most memory that its process, or one it waited for, held at a time; nil when unknown.
  package var peakBytes: Int?
  /// Of its outputs; nil when unknown.
  package var writtenBytes: Int?

  package init(
    metrics: [String: Double] = [:], counts: [String: Int] = [:], seconds: Double = 0,
    peakBytes: Int? = nil, writtenBytes: Int? = nil
  ) {
    self.metrics = metrics
    self.counts = counts
    self.seconds = seconds
    self.peakBytes = peakBytes
    self.writtenBytes = writtenBytes
  }

  /// Rows that it worked on, where it counted them.
  package var rows: Int? { counts["rows_in"] ?? counts["rows_out"] }
}
