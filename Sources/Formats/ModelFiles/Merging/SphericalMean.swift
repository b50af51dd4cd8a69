private import Foundation
import Parallelism

/// A point on the arc between two tensors, taken as vectors.
///
///   θ = acos(a · b / (‖a‖ ‖b‖)),  a sin((1 - t) θ) / sin θ + b sin(t θ) / sin θ
///
/// and (1 - t) a + t b where |cos θ| > 0.9995; a norm up to 1e-8 counts as 1. (Shoemake 1985;
/// threshold and epsilon are mergekit's.) Sums are binary64 over pieces of 2^16 values, added in
/// order.
struct SphericalMean {
  /// What a and b are multiplied with.
  let factors: (Double, Double)

  private static let dotThreshold = 0.9995
  private static let normMin = 1e-8

  init(_ a: [Float], _ b: [Float], t: Double, _ pool: ThreadPool) {
    let sums = Self.sums(a, b, pool)
    let (normA, normB) = (sums.aa.squareRoot(), sums.bb.squareRoot())
    let divisor = (normA > Self.normMin ? normA : 1) * (normB > Self.normMin ? normB : 1)
    let dot = max(-1, min(1, sums.ab / divisor))
    guard dot.magnitude <= Self.dotThreshold else {
      factors = (1 - t, t)
      return
    }
    let angle = acos(dot)
    factors = (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
  }

  func values(_ a: [Float], _ b: [Float], _ pool: ThreadPool) -> [Float] {
    [Float](unsafeUninitializedCapacity: a.count) { values, count in
      count = a.count
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          // Each task writes its own range only, and forEachBlock returns after all of them.
          nonisolated(unsafe) let (values, a, b) = (values, a, b)
          let (fa, fb) = factors
          pool.forEachBlock(of: a.count, by: [Float].mergeBlock) { range in
            for index in range {
              values[index] = Float(fa * Double(a[index]) + fb * Double(b[index]))
            }
          }
        }
      }
    }
  }

  private struct Sums: Sendable {
    var aa = 0.0
    var bb = 0.0
    var ab = 0.0
  }

  private static func sums(_ a: [Float], _ b: [Float], _ pool: ThreadPool) -> Sums {
    precondition(a.count == b.count, "tensors of a merge have one size")
    let block = [Float].mergeBlock
    var parts = [Sums](repeating: Sums(), count: (a.count + block - 1) / block)
    parts.withUnsafeMutableBufferPointer { parts in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          // As above.
          nonisolated(unsafe) let (parts, a, b) = (parts, a, b)
          pool.forEachBlock(of: a.count, by: block) { range in
            var sums = Sums()
            for index in range {
              let (x, y) = (Double(a[index]), Double(b[index]))
              sums.aa += x * x
              sums.bb += y * y
              sums.ab += x * y
            }
            parts[range.lowerBound / block] = sums
          }
        }
      }
    }
    return parts.reduce(into: Sums()) { all, part in
      all.aa += part.aa
      all.bb += part.bb
      all.ab += part.ab
    }
  }
}
