internal import BlockFormats
internal import Tensors

/// Where the moments of every parameter lie in one region of memory: the memory plan of an
/// optimizer, known before anything is allocated.
///
/// | moments of n elements | cells of 4 bytes, each part rounded up to 64 bytes |
/// |---|---|
/// | AdamW | m n, v n |
/// | AdamW in 8 bits | m ⌈n / 4⌉, v ⌈n / 4⌉, their scales ⌈n / 256⌉ each |
/// | SGD with momentum | n |
/// | SGD without | – |
package struct MomentLayout: Sendable, Hashable {
  /// A run of cells.
  struct Part: Sendable, Hashable {
    var offset: Int
    var count: Int
  }

  enum Slot: Sendable, Hashable {
    case none
    case momentum(Part)
    case moments(m: Part, v: Part)
    case moments8bit(m: Part, v: Part, mScales: Part, vScales: Part)
  }

  /// In the order of the parameters.
  private(set) var slots: [Slot] = []
  /// Cells in all.
  package private(set) var count = 0
  package var byteCount: Int { 4 * count }

  /// - Parameter parameters: names and element counts in the optimizer's order.
  package init(_ settings: OptimizerSettings, _ parameters: [(name: String, count: Int)]) {
    for (name, count) in parameters {
      guard settings.kind.isAdamW else {
        slots.append(settings.momentum == 0 ? .none : .momentum(take(count)))
        continue
      }
      if settings.kind.is8bit && Self.fits8bit(name, count) {
        let (codes, scales) = (Moment8bit.codeCells(count), DynamicMap.blockCount(count))
        slots.append(
          .moments8bit(
            m: take(codes), v: take(codes), mScales: take(scales), vScales: take(scales)))
      } else {
        slots.append(.moments(m: take(count), v: take(count)))
      }
    }
  }

  /// Small tensors and the embedding table keep binary32: rows of the table see few and uneven
  /// gradients (the Hugging Face Trainer's override for `nn.Embedding` under bitsandbytes).
  package static func fits8bit(_ name: String, _ count: Int) -> Bool {
    count >= OptimizerSettings.elementsMin8bit && !name.hasSuffix("embed_tokens.weight")
  }

  private mutating func take(_ cells: Int) -> Part {
    defer { count += (cells + 15) / 16 * 16 }
    return Part(offset: count, count: cells)
  }
}
