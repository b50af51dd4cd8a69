extension PreTokenizer {
  /// The regular expressions of its splits, in order.
  var expressions: [String] {
    steps.compactMap {
      if case .split(.regex(_, let source), _, _) = $0 { source } else { nil }
    }
  }
}
