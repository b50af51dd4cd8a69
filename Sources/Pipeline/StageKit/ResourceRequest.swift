/// What a stage holds of the machine while it runs. Not part of its fingerprint: it decides when
/// and where a stage runs, never what it makes.
package struct ResourceRequest: Sendable, Hashable, Codable {
  /// Threads; nil: the run's share.
  package var cpu: Int?
  package var memoryBytes: Int
  /// Whole devices.
  package var gpu: Int
  /// Which device, by its place among those of the run; nil: any.
  package var device: Int?

  package init(cpu: Int? = nil, memoryBytes: Int = 0, gpu: Int = 0, device: Int? = nil) {
    self.cpu = cpu
    self.memoryBytes = memoryBytes
    self.gpu = gpu
    self.device = device
  }
}

extension StageKind {
  /// A stage that a person decides: the engine asks, nothing is run.
  package static let approval: StageKind = "approval"
}
