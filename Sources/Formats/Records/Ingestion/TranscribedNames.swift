/// The names of columns and members as bytes, the first one first.
struct TranscribedNames {
  var text: [[UInt8]] = []
  var messages: [[UInt8]] = []
  var tools: [[UInt8]] = []
  var system: [[UInt8]] = []
  var instruction: [[UInt8]] = []
  var input: [[UInt8]] = []
  var output: [[UInt8]] = []
  var history: [[UInt8]] = []
  var prompt: [[UInt8]] = []
  var completion: [[UInt8]] = []
  var chosen: [[UInt8]] = []
  var rejected: [[UInt8]] = []
  var label: [[UInt8]] = []
  var role: [[UInt8]]
  var content: [[UInt8]]
  /// Their names of roles → ours.
  var roles: [(name: [UInt8], role: Message.Role)] = []

  /// Nil when a name could equal, to Swift's strings, one of other bytes: then it is not ASCII, or
  /// holds a character that Unicode has twice (the Kelvin sign, the Greek question mark, varia).
  init?(_ columns: ColumnNames, _ shape: RowShape) {
    func find(_ column: ColumnNames.Column) -> [[UInt8]] {
      columns.candidates(column, shape).map { Array($0.utf8) }
    }
    (text, messages, tools, system) = (find(.text), find(.messages), find(.tools), find(.system))
    (instruction, input, output) = (find(.instruction), find(.input), find(.output))
    (history, prompt, completion) = (find(.history), find(.prompt), find(.completion))
    (chosen, rejected, label) = (find(.chosen), find(.rejected), find(.label))
    role = (columns.roleKey.map { [$0] } ?? MessageReader.roleKeys).map { Array($0.utf8) }
    content = (columns.contentKey.map { [$0] } ?? MessageReader.contentKeys).map { Array($0.utf8) }
    for (name, role) in MessageReader.roles.merging(columns.roles, uniquingKeysWith: { $1 })
      .sorted(by: { $0.key < $1.key })
    {
      roles.append((Array(name.utf8), role))
    }
    let columns: [[[UInt8]]] = [
      text, messages, tools, system, instruction, input, output, history, prompt, completion,
      chosen, rejected, label, role, content,
    ]
    let names = columns.flatMap { $0 } + roles.map(\.name)
    for name in names where !name.allSatisfy(Self.isUnique) { return nil }
  }

  private static func isUnique(_ byte: UInt8) -> Bool {
    byte < 0x80 && byte != UInt8(ascii: "K") && byte != UInt8(ascii: ";")
      && byte != UInt8(ascii: "`")
  }
}
