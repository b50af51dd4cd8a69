package import ModelFiles
package import Tensors

/// Keys and values of the beginning of a text, which other texts go on after.
package final class KeptPrefix {
  /// The tokens that it holds.
  package private(set) var ids: [Int32] = []
  /// What angles its keys have: see ``ModelConfiguration/angleClass(length:)``.
  package private(set) var angleClass = 0

  var weightsState: Int?
  var adapterIsOn = false

  private let layers: Int
  private let width: Int
  private let backend: any Backend
  private var capacity = 0
  private var keys: [DeviceMemory] = []
  private var values: [DeviceMemory] = []

  package init(_ configuration: ModelConfiguration, backend: any Backend) {
    layers = configuration.layerCount
    width = configuration.keyValueHeadCount * configuration.headSize
    self.backend = backend
  }

  /// Tokens that fit in so many bytes.
  package static func tokens(in bytes: Int, of configuration: ModelConfiguration) -> Int {
    bytes / max(1, KeyValueCache.bytes(configuration, capacity: 1))
  }

  package func clear() {
    ids = []
    weightsState = nil
  }

  func hold(_ ids: [Int32], angleClass: Int) {
    self.ids = ids
    self.angleClass = angleClass
  }

  /// Makes room for `tokens`, what it holds kept.
  func reserve(_ tokens: Int) {
    if tokens <= capacity { return }
    let larger = (max(tokens, 2 * capacity) + 255) / 256 * 256
    func grown(_ old: DeviceMemory?) -> DeviceMemory {
      let new = backend.allocate(larger * width)
      if let old, !ids.isEmpty {
        backend.copy(
          new.matrix(rows: ids.count, columns: width),
          old.matrix(rows: ids.count, columns: width))
      }
      return new
    }
    keys = (0..<layers).map { grown(capacity > 0 ? keys[$0] : nil) }
    values = (0..<layers).map { grown(capacity > 0 ? values[$0] : nil) }
    capacity = larger
  }

  /// Its first `count` tokens at a layer.
  func run(layer: Int, count: Int) -> KeyValueRun {
    KeyValueRun(
      keys: keys[layer].matrix(rows: count, columns: width),
      values: values[layer].matrix(rows: count, columns: width))
  }

  /// Takes over keys and values at a layer.
  func take(_ run: KeyValueRun, layer: Int, at position: Int) {
    let offset = position * width
    backend.copy(
      keys[layer].matrix(offset: offset, rows: run.keys.rows, columns: width), run.keys)
    backend.copy(
      values[layer].matrix(offset: offset, rows: run.values.rows, columns: width), run.values)
  }
}

extension ModelConfiguration {
  /// Texts of lengths of one class have the same rotary angles, where angles depend on length.
  package func angleClass(length: Int) -> Int {
    ropes.map { rope in
      switch rope.scaling {
      case .dynamic(_, let original): max(length, original)
      case .longrope(_, _, _, let original): length > original ? 1 : 0
      default: 0
      }
    }.reduce(0) { $0 &* 1_000_003 &+ $1 }
  }
}
