internal import CCUDA
internal import Tensors

/// Which attention kernels serve a layer: those on tensor cores, whose factors are rounded to bfloat16,
/// where that is asked for and heads are small enough, else those in float32, in smaller tiles where the
/// card has too little shared memory for the wide ones.
struct AttentionKernel {
  struct Launch {
    let name: String
    let threads: Int
    let sharedBytes: Int
  }

  /// Rows of a tile of queries, forward.
  let forwardTile: Int
  /// Rows of a tile of queries and of keys, backward.
  let backwardTile: Int
  /// Factors of the backward passes are rounded to bfloat16 before them.
  let isRounded: Bool
  private let isSmall: Bool
  /// The size of heads that they are made for.
  private let size: Int
  /// What four warps each have of the heads that share keys, on tensor cores: see keys_backward.
  private let parts: Int

  /// - Parameter sharedBytesMax: of a block on the card.
  init(_ shape: AttentionShape, _ products: ProductPrecision, sharedBytesMax: Int) {
    guard let size = [64, 128, 256].first(where: { shape.headSize <= $0 }) else {
      preconditionFailure("heads have 256 components at most")
    }
    self.size = size
    isRounded = products == .bfloat16 && size <= 128
    isSmall =
      !isRounded && size > 128
      && Int(orc_keys_shared(UInt32(size), UInt32(ORC_ATTENTION_KEYS))) > sharedBytesMax
    parts =
      shape.group % 2 == 0 && Int(orc_keys_tensor_shared(UInt32(size), 2)) <= sharedBytesMax ? 2 : 1
    forwardTile = Int(isSmall ? ORC_SMALL_QUERIES : ORC_ATTENTION_QUERIES)
    backwardTile = isRounded ? 64 : Int(isSmall ? ORC_SMALL_KEYS : ORC_ATTENTION_KEYS)
  }

  var forward: Launch {
    launch("attention", orc_attention_shared, orc_attention_tensor_shared)
  }
  var queries: Launch {
    launch("attention_queries", orc_queries_shared, orc_queries_tensor_shared)
  }
  var keys: Launch {
    let parts = UInt32(parts)
    return launch(
      "attention_keys", orc_keys_shared, { orc_keys_tensor_shared($0, parts) },
      threads: 128 * self.parts)
  }

  private func launch(
    _ name: String, _ plain: (UInt32, UInt32) -> UInt32, _ rounded: (UInt32) -> UInt32,
    threads: Int = 128
  ) -> Launch {
    if isRounded {
      return Launch(
        name: name + "_tensor_\(size)", threads: threads, sharedBytes: Int(rounded(UInt32(size))))
    }
    let keys = UInt32(isSmall ? ORC_SMALL_KEYS : ORC_ATTENTION_KEYS)
    return Launch(
      name: name + "_\(size)" + (isSmall ? "_small" : ""), threads: 8 * Int(keys),
      sharedBytes: Int(plain(UInt32(size), keys)))
  }
}
