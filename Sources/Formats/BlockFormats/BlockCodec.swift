internal import CKernels

/// The definition of a quantized type, one block at a time.
struct BlockCodec: Sendable {
  typealias Values = UnsafePointer<Float>
  typealias Bytes = UnsafeMutablePointer<UInt8>

  /// Overwrites a block's bytes with its values, encoded without importance.
  var encode: @Sendable (_ values: Values, _ bytes: Bytes) -> Void
  /// The same with the weight of each value's error. `meanSquare` is that of the block's row.
  var encodeWeighted:
    (
      @Sendable (_ values: Values, _ importance: Values, _ meanSquare: Float, _ bytes: Bytes) ->
        Void
    )?
  /// Overwrites a block's values with its decoded bytes.
  var decode:
    @Sendable (_ bytes: UnsafePointer<UInt8>, _ values: UnsafeMutablePointer<Float>) -> Void
}

extension BlockFormat {
  /// A type given by its definition, and the kernels that do the same fast.
  init(
    name: String, ggmlType: UInt32, fileType: UInt32, blockElements: Int, blockBytes: Int,
    largest: Float, scaleOffsets: [Int], kernel: orc_block_type, codec: BlockCodec
  ) {
    let blocks = BlockRun(name: name, elements: blockElements, bytes: blockBytes, codec: codec)
    let fast = BlockKernel(blocks: blocks, type: kernel)
    let weighs = codec.encodeWeighted != nil
    self.init(
      name: name, ggmlType: ggmlType, fileType: fileType, blockElements: blockElements,
      blockBytes: blockBytes, largest: largest, encode: { fast.encode($0, nil, $1) },
      decode: fast.decode, referenceEncode: blocks.encode, referenceDecode: blocks.decode,
      weightedEncode: weighs ? fast.encode : nil,
      referenceWeightedEncode: weighs ? blocks.encodeWeighted : nil,
      scaleOffsets: scaleOffsets)
  }
}

/// Runs of blocks encoded and decoded by a type's definition.
struct BlockRun: Sendable {
  let name: String
  let elements: Int
  let bytes: Int
  let codec: BlockCodec

  @Sendable
  func encode(_ values: UnsafeBufferPointer<Float>, _ bytes: UnsafeMutableRawBufferPointer) {
    let blocks = count(values.count, bytes.count)
    guard let x = values.baseAddress, let y = bytes.bindMemory(to: UInt8.self).baseAddress else {
      return
    }
    for block in 0..<blocks { codec.encode(x + block * elements, y + block * self.bytes) }
  }

  @Sendable
  func encodeWeighted(
    _ values: UnsafeBufferPointer<Float>, _ importance: UnsafeBufferPointer<Float>,
    _ bytes: UnsafeMutableRawBufferPointer
  ) {
    let (blocks, rows) = (count(values.count, bytes.count), rows(values, importance))
    guard let x = values.baseAddress, let y = bytes.bindMemory(to: UInt8.self).baseAddress,
      let w = importance.baseAddress
    else { return }
    let columns = importance.count
    for row in 0..<rows {
      let meanSquare = BlockArithmetic.squares(x + row * columns, count: columns) / Float(columns)
      for block in row * (blocks / rows)..<(row + 1) * (blocks / rows) {
        let first = block * elements
        codec.encodeWeighted?(
          x + first, w + first % columns, meanSquare, y + block * self.bytes)
      }
    }
  }

  @Sendable
  func decode(_ bytes: UnsafeRawBufferPointer, _ values: UnsafeMutableBufferPointer<Float>) {
    let blocks = count(values.count, bytes.count)
    guard let x = bytes.bindMemory(to: UInt8.self).baseAddress, let y = values.baseAddress else {
      return
    }
    for block in 0..<blocks { codec.decode(x + block * self.bytes, y + block * elements) }
  }

  /// The number of blocks; traps where the sizes do not fit.
  func count(_ values: Int, _ bytes: Int) -> Int {
    let blocks = values / elements
    precondition(
      blocks * elements == values && blocks * self.bytes == bytes,
      "\(name): \(values) values, \(bytes) bytes")
    return blocks
  }

  /// The number of rows; traps where the importance is no whole number of blocks.
  func rows(_ values: UnsafeBufferPointer<Float>, _ importance: UnsafeBufferPointer<Float>) -> Int {
    if values.isEmpty { return 0 }
    precondition(
      !importance.isEmpty && importance.count % elements == 0
        && values.count % importance.count == 0,
      "\(name): \(values.count) values, \(importance.count) weights")
    return values.count / importance.count
  }
}
