private import Foundation

extension CounterRandom {
  static func log(_ x: Double) -> Double { Foundation.log(x) }
  static func cos(_ x: Double) -> Double { Foundation.cos(x) }
}
