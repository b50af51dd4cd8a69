/// Where a run is exported to, beside its own record; no part of any fingerprint.
package struct TrackingTargets: Sendable, Hashable, Codable {
  /// A folder for TensorBoard.
  package var tensorboard: String?
  /// A file of OpenLineage events, one a line.
  package var openlineage: String?
  /// A CSV file of the values of steps.
  package var csv: String?
  /// The address of an MLflow server.
  package var mlflow: String?

  package init(
    tensorboard: String? = nil, openlineage: String? = nil, csv: String? = nil,
    mlflow: String? = nil
  ) {
    self.tensorboard = tensorboard
    self.openlineage = openlineage
    self.csv = csv
    self.mlflow = mlflow
  }

  package var isEmpty: Bool { self == TrackingTargets() }
}
