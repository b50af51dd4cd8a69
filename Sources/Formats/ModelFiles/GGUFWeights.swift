/// Where an export gets the weights of a model, by Hugging Face's names. Asked from several threads.
package protocol GGUFWeights: Sendable {
  /// The float type that the weight is stored in, when its bytes can be taken as they are; nil when
  /// it has to be computed.
  func storedType(of weight: String) -> TensorType?

  /// Calls `body` with the stored bytes of elements `range`; only where ``storedType(of:)`` is not
  /// nil.
  func withStoredBytes(
    of weight: String, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws

  /// All values of the weight, row-major.
  func floats(_ weight: String) throws -> [Float]
}

/// The weights of a folder, its adapter merged or left out.
package struct GGUFFolderWeights: GGUFWeights {
  private let folder: ModelFolder
  /// What the adapter makes another tensor than the base's files hold.
  private let changed: Set<String>

  private let merges: Bool

  /// - Parameter merges: false gives the base's weights though there is an adapter.
  package init(_ folder: ModelFolder, merges: Bool = true) {
    self.folder = folder
    self.merges = merges
    guard merges, let adapter = folder.adapter else {
      changed = []
      return
    }
    changed = Set(
      adapter.replacements + adapter.baseLayers + adapter.modules.map { $0.path + ".weight" })
  }

  package func storedType(of weight: String) -> TensorType? {
    guard !changed.contains(weight), let type = folder.type(of: weight) else { return nil }
    return type.floatFormat == nil ? nil : type
  }

  package func withStoredBytes(
    of weight: String, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws { try folder.withBytes(of: weight, elements: range, body) }

  package func floats(_ weight: String) throws -> [Float] {
    merges ? try folder.mergedFloats(weight) : try folder.floats(weight)
  }
}

/// Weights that are computed, one tensor at a time.
struct GGUFComputedWeights: GGUFWeights {
  let values: @Sendable (String) throws -> [Float]

  func storedType(of weight: String) -> TensorType? { nil }
  func withStoredBytes(
    of weight: String, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws { preconditionFailure("computed weights are not stored") }
  func floats(_ weight: String) throws -> [Float] { try values(weight) }
}
