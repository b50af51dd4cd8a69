private import Foundation
import ModelFiles
import Tensors

/// Cosines and sines of the rotary angles, one row per position, computed in double precision.
struct RotaryTable {
  let cosine: Matrix
  let sine: Matrix
  private let storage: Storage
  let positions: Int

  /// - Parameter positions: how many positions from 0 on.
  init(_ configuration: ModelConfiguration, positions: Int) {
    let frequencies = Self.frequencies(configuration)
    let half = frequencies.count
    storage = Storage(count: 2 * positions * half)
    cosine = storage.matrix(rows: positions, columns: half)
    sine = storage.matrix(offset: positions * half, rows: positions, columns: half)
    self.positions = positions
    let (c, s) = (cosine.buffer, sine.buffer)
    for position in 0..<positions {
      for (i, frequency) in frequencies.enumerated() {
        let angle = Double(position) * frequency
        c[position * half + i] = Float(cos(angle))
        s[position * half + i] = Float(sin(angle))
      }
    }
  }

  /// θ^(-2i / D), stretched as the configuration says (transformers' `modeling_rope_utils`).
  static func frequencies(_ configuration: ModelConfiguration) -> [Double] {
    let size = Double(configuration.headSize)
    let plain = (0..<configuration.headSize / 2).map {
      pow(configuration.ropeTheta, -2 * Double($0) / size)
    }
    switch configuration.ropeScaling {
    case nil: return plain
    case .linear(let factor): return plain.map { $0 / factor }
    case .llama3(let factor, let low, let high, let original):
      return plain.map { frequency in
        let wavelength = 2 * Double.pi / frequency
        if wavelength > Double(original) / low { return frequency / factor }
        if wavelength < Double(original) / high { return frequency }
        let smooth = (Double(original) / wavelength - low) / (high - low)
        return (1 - smooth) * frequency / factor + smooth * frequency
      }
    case .dynamic, .yarn, .longrope:
      preconditionFailure("the configuration refuses these scalings")
    }
  }
}
