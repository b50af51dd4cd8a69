/// A column or a group of columns of a Parquet file.
final class ParquetNode {
  enum Repetition: Int { case required, optional, repeated }

  enum Physical: Int {
    case boolean, int32, int64, int96, float, double, bytes, fixed
  }

  /// What the bytes or numbers of a column stand for, where it is not themselves.
  enum Meaning {
    case plain
    case unsigned
    case date
    /// Units in a second.
    case timestamp(Int64)
    case decimal(scale: Int)
    case half
    case list, map
  }

  let name: String
  let repetition: Repetition
  /// Nil for a group.
  let physical: Physical?
  /// Bytes of a value of fixed length.
  let length: Int
  let meaning: Meaning
  fileprivate(set) var children: [ParquetNode] = []
  /// Levels of a value that is there, and of one that is repeated.
  fileprivate(set) var definition = 0
  fileprivate(set) var repeating = 0
  /// The first leaf below, and how many there are, in the order of the file's columns.
  fileprivate(set) var leaves = 0..<0

  init(_ element: Thrift) throws(ParquetProblem) {
    guard let name = element[4]?.text else { throw .damaged("a column has no name") }
    self.name = name
    repetition = element[3]?.integer.flatMap(Repetition.init) ?? .required
    if let type = element[1]?.integer {
      guard let physical = Physical(rawValue: type) else {
        throw .unknown("a column of the type number \(type)")
      }
      self.physical = physical
    } else {
      physical = nil
    }
    length = element[2]?.integer ?? 0
    guard physical != .fixed || (1...4096).contains(length) else {
      throw .damaged("a column of fixed length has none")
    }
    meaning = Self.meaning(element, physical)
  }

  /// By the logical type, or the converted type that came before it.
  private static func meaning(_ element: Thrift, _ physical: Physical?) -> Meaning {
    let logical = element[10]
    let converted = element[6]?.integer
    if physical == nil {
      if logical?[3] != nil || converted == 3 { return .list }
      return logical?[2] != nil || converted == 1 || converted == 2 ? .map : .plain
    }
    if logical?[5] != nil || converted == 5 {
      return .decimal(scale: logical?[5]?[1]?.integer ?? element[7]?.integer ?? 0)
    }
    if logical?[6] != nil || converted == 6 { return .date }
    if let stamp = logical?[8] {
      return .timestamp(
        stamp[2]?[1] != nil ? 1000 : stamp[2]?[2] != nil ? 1_000_000 : 1_000_000_000)
    }
    if converted == 9 { return .timestamp(1000) }
    if converted == 10 { return .timestamp(1_000_000) }
    if let integer = logical?[10], integer[2]?.bool == false { return .unsigned }
    if let converted, (11...14).contains(converted) { return .unsigned }
    return logical?[15] != nil ? .half : .plain
  }
}

/// The columns of a file as a tree.
struct ParquetSchema {
  let root: ParquetNode
  let leaves: [ParquetNode]

  /// - Parameter elements: the tree in depth-first order, each with its number of children.
  init(_ elements: [Thrift]) throws(ParquetProblem) {
    var at = 0
    var leaves: [ParquetNode] = []
    root = try Self.node(elements, &at, &leaves, definition: 0, repeating: 0, depth: 0)
    guard at == elements.count, !leaves.isEmpty, root.physical == nil else {
      throw .damaged("its schema is not whole")
    }
    self.leaves = leaves
  }

  private static func node(
    _ elements: [Thrift], _ at: inout Int, _ leaves: inout [ParquetNode], definition: Int,
    repeating: Int, depth: Int
  ) throws(ParquetProblem) -> ParquetNode {
    guard at < elements.count, depth < 64 else { throw .damaged("its schema is not whole") }
    let element = elements[at]
    let node = try ParquetNode(element)
    at += 1
    let isRoot = depth == 0
    node.definition = definition + (isRoot || node.repetition == .required ? 0 : 1)
    node.repeating = repeating + (!isRoot && node.repetition == .repeated ? 1 : 0)
    let first = leaves.count
    if node.physical != nil {
      leaves.append(node)
    } else {
      let count = element[5]?.integer ?? 0
      guard count > 0, count <= elements.count - at else {
        throw .damaged("its schema is not whole")
      }
      for _ in 0..<count {
        node.children.append(
          try self.node(
            elements, &at, &leaves, definition: node.definition, repeating: node.repeating,
            depth: depth + 1))
      }
    }
    node.leaves = first..<leaves.count
    return node
  }
}
