internal import Documents
internal import Reproducibility
internal import StageKit

/// Numbers of an artifact of type `scores`, by name.
enum ScoreNumbers {
  /// Of `scores.json`: every number at the top, and of an evaluation `TASK.METRIC` of the candidate
  /// over all rows.
  static func read(_ artifact: InputArtifact?) -> [String: Double] {
    guard let artifact, let path = try? artifact.tree.path("scores.json"),
      let bytes = try? DurableFile.read(path),
      let json = try? JSONReader.parse(bytes, file: "scores.json")
    else { return [:] }
    var numbers: [String: Double] = [:]
    for member in json.objectValue ?? [] {
      if let value = member.value.doubleValue, value.isFinite { numbers[member.key] = value }
    }
    numbers["formatVersion"] = nil
    for score in json["scores"]?.arrayValue ?? [] {
      guard let task = score["task"]?.stringValue, let metric = score["metric"]?.stringValue,
        score["slice"] == nil,
        let value = score["candidate"]?["estimate"]?.doubleValue, value.isFinite
      else { continue }
      let name = "\(task).\(metric)"
      if numbers[name] == nil { numbers[name] = value }
    }
    return numbers
  }
}
