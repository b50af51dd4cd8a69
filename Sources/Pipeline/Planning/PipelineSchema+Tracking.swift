internal import Documents

/// `tracking:`.
extension PipelineSchema {
  static let tracking: JSONValue = .object([
    "description": "Where runs are exported to, beside their own record.", "type": "object",
    "additionalProperties": false,
    "properties": .object([
      "tensorboard": text("A folder for TensorBoard's event files."),
      "openlineage": text("A file of OpenLineage events, one a line."),
      "csv": text("A CSV file of the values of steps."),
      "mlflow": text("The address of an MLflow server: http://127.0.0.1:5000."),
    ]),
  ])
}
