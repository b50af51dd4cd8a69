import Tensors

/// The inputs of layers in the host's memory, while a card computes: 4 · T · C bytes for each.
final class LayerInputs {
  private var memory: [CPUMemory] = []

  /// Copies a layer's input out of the arena, whose memory the layer after the next takes.
  func keep(_ input: Matrix, layer: Int) {
    while memory.count <= layer { memory.append(CPUMemory(count: 0)) }
    if memory[layer].count < input.count { memory[layer] = CPUMemory(count: input.count) }
    input.read(
      0, into: UnsafeMutableBufferPointer(start: memory[layer].address, count: input.count))
  }

  /// Copies it back.
  func bring(_ input: Matrix, layer: Int) {
    precondition(memory.count > layer && memory[layer].count >= input.count, "it was kept")
    input.write(0, from: UnsafeBufferPointer(start: memory[layer].address, count: input.count))
  }
}
