internal import CCUDA
internal import Tensors

/// Which attention kernels serve a layer: those on tensor cores, whose factors are rounded to bfloat16,
/// where that is asked for and heads are small enough, else those in float32.
struct AttentionKernel {
  struct Launch {
    let name: String
    let threads: Int
    let sharedBytes: Int
  }

  /// Rows of a tile of queries, forward.
  static let forwardTile = Int(ORC_ATTENTION_QUERIES)
  /// Rows of a tile of queries and of keys, backward.
  let backwardTile: Int
  private let isRounded: Bool
  /// The size of heads that they are made for.
  private let size: Int

  init(_ shape: AttentionShape, _ products: ProductPrecision) {
    guard let size = [64, 128, 256].first(where: { shape.headSize <= $0 }) else {
      preconditionFailure("heads have 256 components at most")
    }
    self.size = size
    isRounded = products == .bfloat16 && size <= 128
    backwardTile = isRounded ? 64 : Int(ORC_ATTENTION_KEYS)
  }

  var forward: Launch {
    launch("attention", orc_attention_shared, orc_attention_tensor_shared)
  }
  var queries: Launch {
    launch("attention_queries", orc_queries_shared, orc_queries_tensor_shared)
  }
  var keys: Launch { launch("attention_keys", orc_keys_shared, orc_keys_tensor_shared) }

  private func launch(
    _ name: String, _ plain: (UInt32) -> UInt32, _ rounded: (UInt32) -> UInt32
  ) -> Launch {
    Launch(
      name: name + (isRounded ? "_tensor" : "") + "_\(size)", threads: isRounded ? 128 : 256,
      sharedBytes: Int((isRounded ? rounded : plain)(UInt32(size))))
  }
}
