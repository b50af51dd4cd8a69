package import Parallelism

/// A tensor in NF4: its codes and the scale of every block, plain or quantised once more.
///
/// Double quantisation takes the mean off the scales and stores the rest in 8 bits: 4.127 bits for
/// each value instead of 4.5, at the price of 0.005 percentage points of error.
package struct NF4Tensor: Sendable, Hashable {
  /// Outermost dimension first.
  package let shape: [Int]
  /// Two values each, the first in the high nibble.
  package let codes: [UInt8]
  package let scales: Scales

  package enum Scales: Sendable, Hashable {
    case plain([Float])
    case nested(NestedScales)
  }

  /// scale = signed dynamic code · `absmax` of its block of 256 + `offset`.
  package struct NestedScales: Sendable, Hashable {
    package var codes: [UInt8]
    package var absmax: [Float]
    package var offset: Float

    package init(codes: [UInt8], absmax: [Float], offset: Float) {
      self.codes = codes
      self.absmax = absmax
      self.offset = offset
    }
  }

  /// Traps when the sizes do not follow from `shape`; readers check before.
  package init(shape: [Int], codes: [UInt8], scales: Scales) {
    let elements = shape.reduce(1, *)
    precondition(codes.count == NF4.codeBytes(elements), "two values in each byte")
    switch scales {
    case .plain(let values): precondition(values.count == NF4.blockCount(elements))
    case .nested(let nested):
      precondition(nested.codes.count == NF4.blockCount(elements))
      precondition(nested.absmax.count == DynamicMap.blockCount(nested.codes.count))
    }
    self.shape = shape
    self.codes = codes
    self.scales = scales
  }

  /// Encodes `values`, row-major in `shape`. About 3 ns for each value and thread.
  ///
  /// - Parameter pool: shares the work; the bytes do not depend on it.
  package init(
    _ values: UnsafeBufferPointer<Float>, shape: [Int], doubleQuantized: Bool,
    pool: ThreadPool = ThreadPool(threads: 1)
  ) {
    precondition(shape.reduce(1, *) == values.count, "the shape has as many elements as values")
    var scales = [Float](repeating: 0, count: NF4.blockCount(values.count))
    var codes = [UInt8](repeating: 0, count: NF4.codeBytes(values.count))
    Self.encode(values, &codes, &scales, pool: pool)
    self.init(
      shape: shape, codes: codes,
      scales: Self.scales(scales, doubleQuantized: doubleQuantized))
  }

  /// Codes and scales of values that begin at a block, for tensors that come in pieces: only the last
  /// piece may end within one.
  ///
  /// - Parameters: codes, scales: as many as the values have, overwritten.
  package static func encode(
    _ values: UnsafeBufferPointer<Float>, _ codes: inout [UInt8], _ scales: inout [Float],
    pool: ThreadPool
  ) {
    precondition(
      codes.count == NF4.codeBytes(values.count)
        && scales.count == NF4.blockCount(values.count), "a code for each value")
    codes.withUnsafeMutableBufferPointer { codes in
      scales.withUnsafeMutableBufferPointer { scales in
        // Tasks begin at whole blocks and an even value: no two write one byte or scale.
        nonisolated(unsafe) let (values, codes, scales) = (values, codes, scales)
        pool.forEachBlock(of: values.count, by: Self.valuesPerTask) { range in
          guard let x = values.baseAddress, let bytes = codes.baseAddress,
            let blocks = scales.baseAddress
          else { return }
          NF4.encode(
            x + range.lowerBound, count: range.count, codes: bytes + range.lowerBound / 2,
            scales: blocks + range.lowerBound / NF4.blockSize)
        }
      }
    }
  }

  /// The scales of a whole tensor as they are stored.
  package static func scales(_ scales: [Float], doubleQuantized: Bool) -> Scales {
    doubleQuantized && !scales.isEmpty ? .nested(nest(scales)) : .plain(scales)
  }

  package init(
    _ values: [Float], shape: [Int], doubleQuantized: Bool,
    pool: ThreadPool = ThreadPool(threads: 1)
  ) {
    self = values.withUnsafeBufferPointer {
      NF4Tensor($0, shape: shape, doubleQuantized: doubleQuantized, pool: pool)
    }
  }

  /// 1 MiB of values.
  private static let valuesPerTask = 1 << 18

  private static func nest(_ scales: [Float]) -> NestedScales {
    let offset = CascadeSum.mean(scales)
    let rest = scales.map { $0 - offset }
    var codes = [UInt8](repeating: 0, count: rest.count)
    var absmax = [Float](repeating: 0, count: DynamicMap.blockCount(rest.count))
    DynamicMap.signed.encode(rest, count: rest.count, codes: &codes, scales: &absmax)
    return NestedScales(codes: codes, absmax: absmax, offset: offset)
  }

  package var elementCount: Int { shape.reduce(1, *) }
  package var isDoubleQuantized: Bool {
    if case .nested = scales { true } else { false }
  }

  /// The scale of every block of 64 values.
  package func blockScales() -> [Float] {
    switch scales {
    case .plain(let values): return values
    case .nested(let nested):
      var values = [Float](repeating: 0, count: nested.codes.count)
      DynamicMap.signed.decode(
        codes: nested.codes, scales: nested.absmax, count: values.count, &values)
      for index in values.indices { values[index] += nested.offset }
      return values
    }
  }

  /// All values, row-major.
  package func decoded() -> [Float] {
    let (scales, count) = (blockScales(), elementCount)
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      initialized = count
      guard let out = values.baseAddress else { return }
      NF4.decode(codes: codes, scales: scales, first: 0, count: count, out)
    }
  }

  /// Bytes of codes and scales as stored.
  package var byteCount: Int {
    Self.byteCount(elements: elementCount, doubleQuantized: isDoubleQuantized)
  }

  /// What a tensor of `elements` values takes, for a plan made before it is read.
  package static func byteCount(elements: Int, doubleQuantized: Bool) -> Int {
    let blocks = NF4.blockCount(elements)
    let scales = doubleQuantized ? blocks + 4 * DynamicMap.blockCount(blocks) + 4 : 4 * blocks
    return NF4.codeBytes(elements) + scales
  }
}
