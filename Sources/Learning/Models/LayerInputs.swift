import Tensors

/// The inputs of layers in the host's memory, while a card computes: 4 · T · C bytes for each but the last,
/// which stays where it is.
///
/// Two matrices of the device take the inputs in turn. A layer's input is copied out while the layer
/// computes, and copied back while the layer after it goes backward.
final class LayerInputs {
  private let store: any HostStore
  private let count: Int

  init(_ backend: any Backend, layers: Int) {
    store = backend.hostStore()
    count = layers
  }

  /// Before a layer goes forward.
  func keep(_ input: Matrix, layer: Int) {
    // It writes where the input of the layer before it is.
    if layer > 0 { store.settle(layer - 1) }
    if layer < count - 1 { store.keep(input, at: layer) }
  }

  /// Before a layer is computed again.
  func expect(layer: Int) {
    if layer < count - 1 { store.settle(layer) }
  }

  /// When the layer after it has been computed again, whose output may lie where this input is to be.
  func bring(_ input: Matrix, layer: Int) { store.bring(input, at: layer) }
}
