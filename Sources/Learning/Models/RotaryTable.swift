private import Foundation
import ModelFiles
import Tensors

/// Cosines and sines of the rotary angles, one row per position, computed in double precision.
struct RotaryTable {
  let cosine: Matrix
  let sine: Matrix
  let positions: Int
  /// Nil: row p belongs to position p. Else the table was made for the rows of one step, in order.
  let ownRows: [Int32]?
  /// The length whose frequencies these are, where the scaling asks for it.
  private let length: Int

  /// - Parameters:
  ///   - positions: how many positions from 0 on.
  ///   - length: the longest sequence, which dynamic and longrope scalings look at.
  init(_ rope: Rope, positions: Int, length: Int, backend: any Backend) {
    let frequencies = rope.frequencies(length: length)
    self.init(
      (0..<positions).map { ($0, frequencies) }, dimensions: rope.dimensions, length: length,
      ownRows: nil, backend)
  }

  /// A table for rows of one step, each at its position in a sequence of its own length.
  init(_ rope: Rope, rows: [(position: Int, length: Int)], backend: any Backend) {
    var known: [Int: (frequencies: [Double], factor: Double)] = [:]
    let angles = rows.map { row in
      let frequencies = known[row.length] ?? rope.frequencies(length: row.length)
      known[row.length] = frequencies
      return (row.position, frequencies)
    }
    self.init(
      angles, dimensions: rope.dimensions, length: 0, ownRows: rows.indices.map(Int32.init),
      backend)
  }

  private init(
    _ rows: [(position: Int, rope: (frequencies: [Double], factor: Double))], dimensions: Int,
    length: Int, ownRows: [Int32]?, _ backend: any Backend
  ) {
    let half = dimensions / 2
    let memory = backend.allocate(2 * rows.count * half)
    cosine = memory.matrix(rows: rows.count, columns: half)
    sine = memory.matrix(offset: rows.count * half, rows: rows.count, columns: half)
    positions = rows.count
    self.length = length
    self.ownRows = ownRows
    var cosines: [Float] = [], sines: [Float] = []
    cosines.reserveCapacity(rows.count * half)
    sines.reserveCapacity(rows.count * half)
    for row in rows {
      for frequency in row.rope.frequencies {
        let angle = Double(row.position) * frequency
        cosines.append(Float(cos(angle) * row.rope.factor))
        sines.append(Float(sin(angle) * row.rope.factor))
      }
    }
    cosine.write(cosines)
    sine.write(sines)
  }

  /// Whether it serves sequences up to `longest`.
  func serves(_ longest: Int, _ rope: Rope) -> Bool {
    positions >= longest
      && (length == longest || !rope.dependsOnLength
        || rope.frequencies(length: length) == rope.frequencies(length: longest))
  }
}

private func == (
  a: (frequencies: [Double], factor: Double), b: (frequencies: [Double], factor: Double)
) -> Bool { a.frequencies == b.frequencies && a.factor == b.factor }

extension Rope {
  /// Whether the angles change with the length of the sequence.
  package var dependsOnLength: Bool {
    switch scaling {
    case .dynamic, .longrope: true
    default: false
    }
  }

  /// θ^(-2i / D), stretched as the scaling says, and what cosines and sines are multiplied by
  /// (transformers' `modeling_rope_utils`).
  ///
  /// - Parameter length: the longest sequence.
  package func frequencies(length: Int) -> (frequencies: [Double], factor: Double) {
    let size = Double(dimensions)
    func plain(_ theta: Double) -> [Double] {
      (0..<dimensions / 2).map { pow(theta, -2 * Double($0) / size) }
    }
    switch scaling {
    case nil: return (plain(theta), 1)
    case .linear(let factor): return (plain(theta).map { $0 / factor }, 1)
    case .dynamic(let factor, let original):
      let longest = Double(max(length, original))
      let base = theta * pow(factor * longest / Double(original) - (factor - 1), size / (size - 2))
      return (plain(base), 1)
    case .llama3(let factor, let low, let high, let original):
      return (
        plain(theta).map { Self.llama3($0, factor, low, high, Double(original)) }, 1
      )
    case .yarn(let yarn): return (Self.yarn(plain(theta), theta, size, yarn), yarn.attentionFactor)
    case .longrope(let short, let long, let attentionFactor, let original):
      let factors = length > original ? long : short
      return (zip(plain(theta), factors).map { $0 / $1 }, attentionFactor)
    }
  }

  private static func llama3(
    _ frequency: Double, _ factor: Double, _ low: Double, _ high: Double, _ original: Double
  ) -> Double {
    let wavelength = 2 * Double.pi / frequency
    if wavelength > original / low { return frequency / factor }
    if wavelength < original / high { return frequency }
    let smooth = (original / wavelength - low) / (high - low)
    return (1 - smooth) * frequency / factor + smooth * frequency
  }

  /// Peng et al. 2023: slow components are interpolated, fast ones kept, with a ramp between.
  private static func yarn(_ plain: [Double], _ theta: Double, _ size: Double, _ yarn: Yarn)
    -> [Double]
  {
    func component(_ rotations: Double) -> Double {
      size * log(Double(yarn.originalContextLength) / (rotations * 2 * .pi)) / (2 * log(theta))
    }
    var (low, high) = (component(yarn.betaFast), component(yarn.betaSlow))
    if yarn.truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
    low = max(low, 0)
    high = min(high, size - 1)
    if low == high { high += 0.001 }
    return plain.enumerated().map { index, frequency in
      let ramp = min(max((Double(index) - low) / (high - low), 0), 1)
      return frequency / yarn.factor * ramp + frequency * (1 - ramp)
    }
  }

  private typealias Yarn = RopeScaling.Yarn
}
