/// Numbers byte strings in order of first appearance; equal strings have one number.
///
/// Found by a 64-bit hash and confirmed by their bytes.
package struct ByteNames: Sendable {
  package private(set) var names: [[UInt8]] = []
  private var numbers: [UInt64: UInt32] = [:]

  package init() {}

  package var count: Int { names.count }

  /// The number of `name`.
  package mutating func number(_ name: [UInt8]) -> UInt32 {
    var hash = hash64(name)
    while let found = numbers[hash] {
      if names[Int(found)] == name { return found }
      hash &+= 1
    }
    let number = UInt32(names.count)
    numbers[hash] = number
    names.append(name)
    return number
  }

  /// The number of the bytes of `range`, whose form is canonical already.
  package mutating func number(_ row: RowBytes, _ range: Range<Int>) -> UInt32 {
    var hash = row.hash(range)
    while let found = numbers[hash] {
      if names[Int(found)].elementsEqual(row.line[range]) { return found }
      hash &+= 1
    }
    let number = UInt32(names.count)
    numbers[hash] = number
    names.append(Array(row.line[range]))
    return number
  }

  /// The number here of every name of `other`, in its order.
  package mutating func merge(_ other: ByteNames) -> [UInt32] { other.names.map { number($0) } }
}
