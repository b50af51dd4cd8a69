internal import Diagnostics
internal import Documents

/// Reads the columns of one row and remembers which were read; the others are the row's fields.
struct RowColumns {
  private let row: JSONValue
  private let members: [JSONMember]
  private let columns: ColumnNames
  private let shape: RowShape
  private var used: [String] = []

  init(_ row: JSONValue, _ members: [JSONMember], _ columns: ColumnNames, _ shape: RowShape) {
    self.row = row
    self.members = members
    self.columns = columns
    self.shape = shape
  }

  /// Columns that nobody read, in their order.
  var rest: [JSONMember] { members.filter { !used.contains($0.key) } }

  /// The column, or nil when it is absent or null.
  mutating func optional(_ column: ColumnNames.Column) -> JSONMember? {
    guard let member = columns.member(column, in: row, shape) else { return nil }
    used.append(member.key)
    return member.value.isNull ? nil : member
  }

  mutating func required(_ column: ColumnNames.Column) throws(RowProblem) -> JSONMember {
    guard let member = columns.member(column, in: row, shape) else { throw missing(column) }
    used.append(member.key)
    return member
  }

  /// A column that is there and stays a field of the row too.
  func kept(_ column: ColumnNames.Column) throws(RowProblem) -> JSONMember {
    guard let member = columns.member(column, in: row, shape) else { throw missing(column) }
    return member
  }

  mutating func text(_ column: ColumnNames.Column) throws(RowProblem) -> String {
    let member = try required(column)
    guard let text = member.value.stringValue else { throw wrongType(member, "a string") }
    return text
  }

  mutating func optionalText(_ column: ColumnNames.Column) throws(RowProblem) -> String? {
    guard let member = optional(column) else { return nil }
    guard let text = member.value.stringValue else { throw wrongType(member, "a string") }
    return text
  }

  /// Tool schemas: a list, or the JSON text of one.
  mutating func tools() throws(RowProblem) -> JSONValue? {
    guard let member = optional(.tools) else { return nil }
    if case .array = member.value { return member.value }
    if let text = member.value.stringValue {
      if text.isEmpty { return nil }
      if let value = try? JSONReader.parse(Array(text.utf8), file: ""), case .array = value {
        return value
      }
    }
    throw wrongType(member, "a list of tools")
  }

  /// 32-bit integers, or nil when the column is absent.
  mutating func integers(_ column: ColumnNames.Column) throws(RowProblem) -> [Int32]? {
    guard let member = optional(column) else { return nil }
    guard let items = member.value.arrayValue else { throw wrongType(member, "a list of integers") }
    var out: [Int32] = []
    out.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      guard let value = item.integerValue.flatMap(Int32.init(exactly:)) else {
        throw RowProblem(
          "row.wrong-type", "'\(name(member))[\(index)]' is \(item.kindName), expected an integer")
      }
      out.append(value)
    }
    return out
  }

  /// Earlier questions and answers of an alpaca row.
  mutating func history() throws(RowProblem) -> [(String, String)] {
    guard let member = optional(.history) else { return [] }
    guard let items = member.value.arrayValue else { throw wrongType(member, "a list of pairs") }
    var out: [(String, String)] = []
    for (index, item) in items.enumerated() {
      let pair = item.arrayValue?.compactMap(\.stringValue) ?? []
      guard pair.count == 2, item.arrayValue?.count == 2 else {
        throw RowProblem(
          "row.wrong-type",
          "'\(name(member))[\(index)]' is \(item.kindName), expected a question and an answer")
      }
      out.append((pair[0], pair[1]))
    }
    return out
  }

  mutating func turns(_ column: ColumnNames.Column) throws(RowProblem) -> [Message] {
    try turns(try required(column), text: nil)
  }

  /// A list of messages, one message, or, where `text` gives it a role, a text.
  func turns(_ member: JSONMember, text role: Message.Role?) throws(RowProblem) -> [Message] {
    let reader = MessageReader(column: name(member), columns: columns)
    switch member.value {
    case .string(let text):
      guard let role else { throw wrongType(member, "a list of messages") }
      return [Message(role, text)]
    case .object: return [try reader.message(member.value, number: 1)]
    case .array(let items):
      guard !items.isEmpty else {
        throw RowProblem("row.empty-conversation", "'\(name(member))' has no messages")
      }
      var turns: [Message] = []
      for (index, item) in items.enumerated() {
        turns.append(try reader.message(item, number: index + 1))
      }
      return turns
    default:
      throw wrongType(member, role == nil ? "a list of messages" : "a string or a list of messages")
    }
  }

  func wrongType(_ member: JSONMember, _ expected: String) -> RowProblem {
    RowProblem(
      "row.wrong-type", "'\(name(member))' is \(member.value.kindName), expected \(expected)")
  }

  private func name(_ member: JSONMember) -> String { SafeText.escaped(member.key, limit: 40) }

  private func missing(_ column: ColumnNames.Column) -> RowProblem {
    let wanted = columns.candidates(column, shape)
    let listed = wanted.map { "'\(SafeText.escaped($0, limit: 40))'" }.joined(separator: " or ")
    let near = NearestName.suggestion(for: wanted[0], among: members.map(\.key))
    let found = near.map { "; found '\(SafeText.escaped($0, limit: 40))'" } ?? ""
    return RowProblem(
      "row.missing-field", "the row has no \(listed)\(found)",
      fix: column.rawValue.hasPrefix("field")
        ? "name the column with '\(column.rawValue)', or correct the row" : "correct the row")
  }
}
