/// A format is its number.
extension BlockFormat: Hashable {
  package static func == (a: BlockFormat, b: BlockFormat) -> Bool { a.ggmlType == b.ggmlType }

  package func hash(into hasher: inout Hasher) { hasher.combine(ggmlType) }
}
