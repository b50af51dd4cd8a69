package import Models
internal import Tensors

/// Watches how far groups of parameters move in a step: ‖Δp‖ / ‖p‖ of one tensor of each group.
///
/// A group that stays where it is while the learning rate is above 0 is not learning at all: a
/// frozen DoRA magnitude, a matrix whose updates round away.
package struct UpdateMonitor {
  /// Tensors beyond this are not copied to be compared.
  static let countMax = 1 << 22

  /// Steps in a row without any movement after which a group is said to stand still.
  package static let patience = 8

  private let watched: [(group: String, parameter: TrainableParameter)]
  private var before: [[Float]] = []
  private var still: [String: Int] = [:]
  private var reported: Set<String> = []

  package init(_ parameters: [TrainableParameter]) {
    var watched: [(group: String, parameter: TrainableParameter)] = []
    for parameter in parameters where parameter.values.count <= Self.countMax {
      let group = Self.group(parameter.name)
      if !watched.contains(where: { $0.group == group }) { watched.append((group, parameter)) }
    }
    self.watched = watched
  }

  /// `lora_A`, `lora_B`, `lora_magnitude_vector`, or what a full weight is: `embedding`, `head`,
  /// `norm`, `bias`, `weight`.
  static func group(_ name: String) -> String {
    for part in [
      "lora_A", "lora_B", "lora_magnitude_vector", "lora_embedding_A", "lora_embedding_B",
    ]
    where name.contains("." + part) { return part }
    if name.contains("embed_tokens") { return "embedding" }
    if name.contains("lm_head") || name.hasSuffix("score.weight") { return "head" }
    if name.contains("norm") { return "norm" }
    return name.hasSuffix("bias") ? "bias" : "weight"
  }

  /// Before the optimizer's step.
  package mutating func begin() { before = watched.map { $0.parameter.values.values() } }

  /// After it: the relative update of each group, and the groups found to stand still.
  package mutating func end(learningRate: Double) -> (updates: [NamedValue], still: [String]) {
    var updates: [NamedValue] = []
    var found: [String] = []
    for ((group, parameter), old) in zip(watched, before) {
      var (change, size) = (0.0, 0.0)
      for (new, old) in zip(parameter.values.values(), old) {
        change += (Double(new) - Double(old)) * (Double(new) - Double(old))
        size += Double(old) * Double(old)
      }
      // A fresh B is zero: its first update has nothing to be relative to.
      let relative = size > 0 ? (change / size).squareRoot() : change.squareRoot()
      updates.append(NamedValue("update_norm/" + group, relative))
      still[group] = change == 0 && learningRate > 0 ? still[group, default: 0] + 1 : 0
      if still[group] == Self.patience, reported.insert(group).inserted { found.append(group) }
    }
    before = []
    return (updates, found)
  }
}
