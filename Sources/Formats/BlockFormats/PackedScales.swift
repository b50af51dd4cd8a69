/// The eight scales and eight minima of Q4_K and Q5_K, 6 bits each in 12 bytes.
///
/// Bytes 0–3 hold scales 0–3 and bytes 4–7 minima 0–3. Bytes 8–11 hold the low four bits of scale
/// (low nibble) and minimum (high nibble) 4–7; their upper two bits are the upper two of bytes 0–3
/// and 4–7. Source: ggml's `get_scale_min_k4`.
enum PackedScales {
  /// Overwrites 12 bytes with scales and minima below 64.
  static func store(
    _ scales: UnsafePointer<UInt8>, _ minima: UnsafePointer<UInt8>,
    _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    for j in 0..<4 {
      let (scale, minimum) = (scales[j + 4], minima[j + 4])
      bytes[j] = scales[j] | (scale & 0x30) << 2
      bytes[j + 4] = minima[j] | (minimum & 0x30) << 2
      bytes[j + 8] = scale & 15 | minimum << 4
    }
  }

  /// Scale and minimum j of 8.
  static func load(_ j: Int, _ bytes: UnsafePointer<UInt8>) -> (scale: Float, minimum: Float) {
    if j < 4 { return (Float(bytes[j] & 63), Float(bytes[j + 4] & 63)) }
    let (scale, minimum) = (bytes[j - 4] & 0xC0, bytes[j] & 0xC0)
    return (
      Float(bytes[j + 4] & 15 | scale >> 2), Float(bytes[j + 4] >> 4 | minimum >> 2)
    )
  }
}
