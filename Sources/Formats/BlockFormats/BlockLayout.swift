/// The size of a GGUF tensor type's blocks: enough to find and check tensors of types that cannot
/// be decoded here.
package struct BlockLayout: Sendable, Hashable {
  /// llama.cpp's name.
  package let name: String
  /// ggml's number.
  package let ggmlType: UInt32
  /// Values in a block.
  package let blockElements: Int
  /// Bytes of a block.
  package let blockBytes: Int

  package static func numbered(_ ggmlType: UInt32) -> BlockLayout? {
    all.first { $0.ggmlType == ggmlType }
  }

  private init(_ ggmlType: UInt32, _ name: String, _ blockElements: Int, _ blockBytes: Int) {
    self.ggmlType = ggmlType
    self.name = name
    self.blockElements = blockElements
    self.blockBytes = blockBytes
  }

  /// The types of ggml 0.25 (`ggml.h`, `ggml-common.h`). Numbers left out were removed there.
  package static let all = [
    BlockLayout(0, "F32", 1, 4), BlockLayout(1, "F16", 1, 2),
    BlockLayout(2, "Q4_0", 32, 18), BlockLayout(3, "Q4_1", 32, 20),
    BlockLayout(6, "Q5_0", 32, 22), BlockLayout(7, "Q5_1", 32, 24),
    BlockLayout(8, "Q8_0", 32, 34), BlockLayout(9, "Q8_1", 32, 36),
    BlockLayout(10, "Q2_K", 256, 84), BlockLayout(11, "Q3_K", 256, 110),
    BlockLayout(12, "Q4_K", 256, 144), BlockLayout(13, "Q5_K", 256, 176),
    BlockLayout(14, "Q6_K", 256, 210), BlockLayout(15, "Q8_K", 256, 292),
    BlockLayout(16, "IQ2_XXS", 256, 66), BlockLayout(17, "IQ2_XS", 256, 74),
    BlockLayout(18, "IQ3_XXS", 256, 98), BlockLayout(19, "IQ1_S", 256, 50),
    BlockLayout(20, "IQ4_NL", 32, 18), BlockLayout(21, "IQ3_S", 256, 110),
    BlockLayout(22, "IQ2_S", 256, 82), BlockLayout(23, "IQ4_XS", 256, 136),
    BlockLayout(24, "I8", 1, 1), BlockLayout(25, "I16", 1, 2), BlockLayout(26, "I32", 1, 4),
    BlockLayout(27, "I64", 1, 8), BlockLayout(28, "F64", 1, 8),
    BlockLayout(29, "IQ1_M", 256, 56), BlockLayout(30, "BF16", 1, 2),
    BlockLayout(34, "TQ1_0", 256, 54), BlockLayout(35, "TQ2_0", 256, 66),
    BlockLayout(39, "MXFP4", 32, 17),
  ]
}
