/// What `--smoke` lowers a number to, said where the parameter is declared, so that the planner needs
/// to know no stage.
package enum SmokeLimit: Sendable, Hashable {
  /// At most this, also where the file does not give the parameter.
  case atMost(Int)
  /// At most this where the file gives the parameter; left out otherwise.
  case ifGiven(Int)

  var limit: Int {
    switch self {
    case .atMost(let limit), .ifGiven(let limit): limit
    }
  }

  /// Rows that a smoke run reads of a source.
  package static let rows = SmokeLimit.atMost(100)
}
