/// Builds an array from one element a statement: long tables with closures compile far faster so
/// than as one array literal.
@resultBuilder
enum Listed<Element> {
  static func buildExpression(_ element: Element) -> [Element] { [element] }
  static func buildBlock(_ parts: [Element]...) -> [Element] { parts.flatMap { $0 } }
  static func buildArray(_ parts: [[Element]]) -> [Element] { parts.flatMap { $0 } }
}
