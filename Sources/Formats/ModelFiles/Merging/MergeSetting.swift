/// The value of a merge's parameter: a number, a gradient over the layers, or a list of such with
/// filters by the tensor's name, the first that matches counting.
///
/// The meaning is mergekit 0.1.5's (`evaluate_setting`): a gradient of n values is read at
/// t · (n - 1), where t runs from 0 at a slice's first layer to 1 at its last, linearly between
/// neighbours; flags take the value at or before. Outside the layers t is 0.
package struct MergeSetting: Sendable, Hashable {
  package struct Condition: Sendable, Hashable {
    /// A part of the tensor's name; nil and `*` match every tensor.
    package var filter: String?
    /// One value, or a gradient; flags are 0 and 1.
    package var values: [Double]

    package init(filter: String? = nil, values: [Double]) {
      self.filter = filter
      self.values = values
    }
  }

  package var conditions: [Condition]

  package init(_ conditions: [Condition]) { self.conditions = conditions }
  package init(_ value: Double) { conditions = [Condition(values: [value])] }

  /// The number for a tensor; nil when no condition matches.
  ///
  /// - Parameter t: the layer's place in its slice, 0 to 1.
  package func number(tensor: String, t: Double) -> Double? {
    guard let values = values(for: tensor), let last = values.indices.last else { return nil }
    let place = t * Double(last)
    let index = min(last, Int(place))
    let fraction = place - Double(index)
    return (1 - fraction) * values[index] + fraction * values[min(last, index + 1)]
  }

  /// The flag for a tensor; nil when no condition matches.
  package func flag(tensor: String, t: Double) -> Bool? {
    guard let values = values(for: tensor), let last = values.indices.last else { return nil }
    return values[Int(t * Double(last))] != 0
  }

  private func values(for tensor: String) -> [Double]? {
    conditions.first { condition in
      guard let filter = condition.filter, filter != "*" else { return true }
      return tensor.contains(filter)
    }?.values
  }
}
