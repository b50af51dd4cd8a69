internal import BlockFormats

extension ParameterUpdates {
  /// The moments of parameters in 8 bits, from the beginning of a block of 256.
  struct Moments8bit {
    /// Codes of the signed and of the unsigned map, one for each parameter.
    var m: UnsafeMutablePointer<UInt8>
    var v: UnsafeMutablePointer<UInt8>
    /// One for each block.
    var mScales: Floats
    var vScales: Floats

    init(_ first: Moment8bit, _ second: Moment8bit) {
      m = Self.bytes(first.codes)
      v = Self.bytes(second.codes)
      mScales = first.scales.address
      vScales = second.scales.address
    }

    private static func bytes(_ codes: Matrix) -> UnsafeMutablePointer<UInt8> {
      // Cells are bytes to whoever wrote them: UInt8 may alias anything.
      UnsafeMutableRawPointer(codes.address).assumingMemoryBound(to: UInt8.self)
    }

    /// Those from parameter `count` on, a whole number of blocks.
    func advanced(by count: Int) -> Moments8bit {
      var moments = self
      moments.m += count
      moments.v += count
      moments.mScales += count / DynamicMap.blockSize
      moments.vScales += count / DynamicMap.blockSize
      return moments
    }
  }

  /// AdamW with moments in 8 bits (Dettmers et al. 2022) as bitsandbytes' CPU code does it:
  /// moments are decoded, moved in binary32 and encoded again with the new largest magnitude of
  /// their block; the parameter moves by the moments before they are encoded.
  ///
  ///     g  = gradientScale * g
  ///     m  = m * beta1 + oneMinusBeta1 * g               product and sum rounded once
  ///     v  = v * beta2 + (oneMinusBeta2 * g) * g         likewise
  ///     p  = p * decayFactor - (stepSize * m) / (sqrt(v) / rootDivisor + epsilon)
  ///
  /// p: (count) overwritten; g: (count) read; moments: overwritten. All moments zero is the start.
  /// Source: bitsandbytes 0.50, `backends/cpu/ops.py`, in the order of torch's vector loops, whose
  /// multiply-adds are fused: the bytes of the moments are bitsandbytes' own.
  static func adamW8bit(
    _ p: Floats, _ moments: Moments8bit, gradient g: UnsafePointer<Float>, count: Int,
    _ s: AdamWStep
  ) {
    let size = DynamicMap.blockSize
    let (signed, unsigned) = (DynamicMap.signed, DynamicMap.unsigned)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * size) { scratch in
      guard let m = scratch.baseAddress else { return }
      let v = m + size
      for start in stride(from: 0, to: count, by: size) {
        let length = min(size, count - start)
        let at = moments.advanced(by: start)
        signed.decode(codes: at.m, scales: at.mScales, count: length, m)
        unsigned.decode(codes: at.v, scales: at.vScales, count: length, v)
        move(p + start, m, v, g + start, length, s)
        signed.encode(m, count: length, codes: at.m, scales: at.mScales)
        unsigned.encode(v, count: length, codes: at.v, scales: at.vScales)
      }
    }
  }

  private static func move(
    _ p: Floats, _ m: Floats, _ v: Floats, _ g: UnsafePointer<Float>, _ count: Int,
    _ s: AdamWStep
  ) {
    for i in 0..<count {
      let d = s.gradientScale * g[i]
      let mi = fused(s.oneMinusBeta1, d, m[i] * s.beta1)
      let vi = fused(s.oneMinusBeta2 * d, d, v[i] * s.beta2)
      m[i] = mi
      v[i] = vi
      let step = (s.stepSize * mi) / (vi.squareRoot() / s.rootDivisor + s.epsilon)
      p[i] = p[i] * s.decayFactor - step
    }
  }

  /// a * b + c, rounded once but for about one case in 2^29: the product of two floats is exact in
  /// double. The same bits on every instruction set, without a library call where one lacks it.
  @inline(__always)
  private static func fused(_ a: Float, _ b: Float, _ c: Float) -> Float {
    Float(Double(a) * Double(b) + Double(c))
  }
}
