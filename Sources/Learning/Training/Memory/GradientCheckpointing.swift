/// Whether layers keep their input only and are computed again for backward: less memory for more
/// time, the same bits. Axolotl's `gradient_checkpointing`.
package enum GradientCheckpointing: String, Sendable, Hashable, CaseIterable {
  /// As few layers as the memory asks for; on a card where all of them are not enough, offload.
  case auto
  /// All layers.
  case on = "true"
  case off = "false"
  /// All layers, and on a card their inputs wait in the host's memory.
  case offload
}
