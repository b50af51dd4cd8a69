/// 4-bit NormalFloat as bitsandbytes stores it: the quantiles of a normal distribution, times the
/// largest magnitude of a block of 64 values.
///
/// Blocks run over the flattened row-major tensor, so they may cross rows; the last one may be
/// short. Two values share a byte, the first in the high nibble; an odd tensor ends with the code
/// of zero in the low one. Paper: Dettmers et al. 2023, QLoRA, appendix E; bytes as in
/// bitsandbytes 0.50 (`backends/default/ops.py`).
package enum NF4 {
  /// Values of a block.
  package static let blockSize = 64

  /// What a code means, times the block's scale.
  package static let code: [Float] = [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ]

  /// Midpoints of neighbouring codes in binary32: a value above `thresholds[k]` gets at least code
  /// k + 1, one that equals it does not.
  package static let thresholds: [Float] = (0..<15).map { (code[$0] + code[$0 + 1]) / 2 }

  /// Scales below this count as this when values are divided by them, so that zeros stay zeros.
  private static let scaleMin: Float = 1e-38

  package static func blockCount(_ elements: Int) -> Int {
    (elements + blockSize - 1) / blockSize
  }

  /// Bytes of the codes alone.
  package static func codeBytes(_ elements: Int) -> Int { (elements + 1) / 2 }

  /// Codes and scales of `count` values that begin at a block; a count that is no whole number of
  /// blocks ends the tensor.
  ///
  /// A whole block is multiplied by 1 / scale, the short last one divided by its scale, which is at
  /// least 1e-38: both as bitsandbytes does it. A NaN makes the scale of its block NaN and its codes
  /// 15; an infinity makes the scale infinite.
  ///
  /// x: (count) read; codes: (count + 1) / 2 bytes, scales: one for each block, overwritten.
  package static func encode(
    _ x: UnsafePointer<Float>, count: Int, codes: UnsafeMutablePointer<UInt8>,
    scales: UnsafeMutablePointer<Float>
  ) {
    let whole = count / blockSize
    for block in 0..<whole {
      let (values, bytes) = (x + block &* blockSize, codes + block &* (blockSize / 2))
      let scale = largest(values, count: blockSize)
      scales[block] = scale
      let inverse = 1 / (scale < scaleMin ? scaleMin : scale)
      if scale.isFinite {
        encodeBlock(values, inverse, bytes)
      } else {
        for i in 0..<blockSize / 2 {
          bytes[i] = index(values[2 * i] * inverse) << 4 | index(values[2 * i + 1] * inverse)
        }
      }
    }
    encodeLast(x, count: count, codes: codes, scales: scales)
  }

  /// A whole block of finite values: four at a time, fifteen differences each, whose signs count
  /// the thresholds below a value. No branch and no comparison: 2 to 4 ns for a value.
  @inline(__always)
  private static func encodeBlock(
    _ x: UnsafePointer<Float>, _ inverse: Float, _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    for i in stride(from: 0, to: blockSize, by: 8) {
      let low = indices(UnsafeRawPointer(x + i).loadUnaligned(as: SIMD4<Float>.self) * inverse)
      let high = indices(UnsafeRawPointer(x + i + 4).loadUnaligned(as: SIMD4<Float>.self) * inverse)
      let first = low.evenHalf &<< 4 | low.oddHalf
      let second = high.evenHalf &<< 4 | high.oddHalf
      let out = bytes + i / 2
      out[0] = UInt8(truncatingIfNeeded: first[0])
      out[1] = UInt8(truncatingIfNeeded: first[1])
      out[2] = UInt8(truncatingIfNeeded: second[0])
      out[3] = UInt8(truncatingIfNeeded: second[1])
    }
  }

  /// The short last block, where there is one.
  private static func encodeLast(
    _ x: UnsafePointer<Float>, count: Int, codes: UnsafeMutablePointer<UInt8>,
    scales: UnsafeMutablePointer<Float>
  ) {
    let start = count / blockSize * blockSize
    if start == count { return }
    var scale = largest(x + start, count: count - start)
    if scale < scaleMin { scale = scaleMin }
    scales[count / blockSize] = scale
    for i in stride(from: start, to: count, by: 2) {
      let low = i + 1 < count ? index(x[i + 1] / scale) : index(0)
      codes[i / 2] = index(x[i] / scale) << 4 | low
    }
  }

  /// ``encode(_:count:codes:scales:)`` by its definition: for every value the number of thresholds
  /// that are not at or above it.
  package static func encodeReference(_ x: [Float]) -> (codes: [UInt8], scales: [Float]) {
    var (indices, scales): ([UInt8], [Float]) = ([], [])
    for start in stride(from: 0, to: x.count, by: blockSize) {
      let block = x[start..<min(x.count, start + blockSize)]
      let largest = block.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, abs($1)) }
      let scale = largest < scaleMin ? scaleMin : largest
      let isWhole = block.count == blockSize
      scales.append(isWhole ? largest : scale)
      indices += block.map { value in
        let normal = isWhole ? value * (1 / scale) : value / scale
        return UInt8(thresholds.filter { !($0 >= normal) }.count)
      }
    }
    if indices.count % 2 == 1 { indices.append(7) }
    let codes = stride(from: 0, to: indices.count, by: 2).map { indices[$0] << 4 | indices[$0 + 1] }
    return (codes, scales)
  }

  /// The values `first ..< first + count` of a tensor: code · scale of their block.
  ///
  /// codes, scales: of the whole tensor, read; out: (count) overwritten.
  package static func decode(
    codes: UnsafePointer<UInt8>, scales: UnsafePointer<Float>, first: Int, count: Int,
    _ out: UnsafeMutablePointer<Float>
  ) {
    code.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      var (at, end) = (first, first + count)
      if at < end && at & 1 == 1 {
        out[0] = table[Int(codes[at >> 1] & 15)] * scales[at / blockSize]
        at += 1
      }
      if at < end && end & 1 == 1 {
        end -= 1
        out[end - first] = table[Int(codes[end >> 1] >> 4)] * scales[end / blockSize]
      }
      while at < end {
        let stop = min(end, (at / blockSize + 1) * blockSize)
        let scale = scales[at / blockSize]
        while at < stop {
          let byte = codes[at >> 1]
          out[at &- first] = table[Int(byte >> 4)] * scale
          out[at &- first &+ 1] = table[Int(byte & 15)] * scale
          at &+= 2
        }
      }
    }
  }

  // MARK: - Private

  /// The largest magnitude; magnitudes order as their bit patterns do, NaN above all.
  @inline(__always)
  private static func largest(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var bits: UInt32 = 0
    for i in 0..<count { bits = max(bits, x[i].bitPattern & 0x7FFF_FFFF) }
    return Float(bitPattern: bits)
  }

  /// The number of thresholds that are not at or above a value; 15 for NaN.
  private static func index(_ v: Float) -> UInt8 {
    UInt8(thresholds.reduce(0) { $0 + ($1 >= v ? 0 : 1) })
  }

  /// The same for four finite values. The constants are ``thresholds``: a difference of floats is
  /// negative only when the second is larger.
  @inline(__always)
  private static func indices(_ v: SIMD4<Float>) -> SIMD4<Int32> {
    var q = SIMD4<Int32>.zero
    q &-= sign(-0.8480963706970215 - v)
    q &-= sign(-0.6106328964233398 - v)
    q &-= sign(-0.4599952697753906 - v)
    q &-= sign(-0.33967941999435425 - v)
    q &-= sign(-0.23460739850997925 - v)
    q &-= sign(-0.13791173696517944 - v)
    q &-= sign(-0.045525018125772476 - v)
    q &-= sign(0.03979014977812767 - v)
    q &-= sign(0.120255246758461 - v)
    q &-= sign(0.2035212516784668 - v)
    q &-= sign(0.2920137643814087 - v)
    q &-= sign(0.3893125355243683 - v)
    q &-= sign(0.5016634464263916 - v)
    q &-= sign(0.6427869200706482 - v)
    q &-= sign(0.8614784479141235 - v)
    return q
  }

  /// -1 where negative, else 0.
  @inline(__always)
  private static func sign(_ x: SIMD4<Float>) -> SIMD4<Int32> {
    unsafeBitCast(x, to: SIMD4<Int32>.self) &>> 31
  }
}
