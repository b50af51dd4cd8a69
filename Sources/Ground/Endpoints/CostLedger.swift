package import Documents
internal import Reproducibility
private import Synchronization

/// Prices and limits of the answers that a stage uses.
package struct CostLimits: Sendable, Hashable {
  /// Of a million tokens, in whatever currency the user thinks in.
  package var inputPrice: Double
  package var outputPrice: Double
  /// In the same currency; nil: no limit.
  package var costMax: Double?
  package var requestsMax: Int?

  package init(
    inputPrice: Double = 0, outputPrice: Double = 0, costMax: Double? = nil,
    requestsMax: Int? = nil
  ) {
    self.inputPrice = inputPrice
    self.outputPrice = outputPrice
    self.costMax = costMax
    self.requestsMax = requestsMax
  }

  func cost(_ use: TokenUse) -> Double {
    (Double(use.input) * inputPrice + Double(use.output) * outputPrice) / 1_000_000
  }
}

/// What the answers of a stage cost, each counted once however often it is used, whether it was
/// asked for now or by an attempt before: the same answers give the same ledger.
package final class CostLedger: Sendable {
  package let limits: CostLimits
  private let state = Mutex(State())

  private struct State {
    var counted: Set<Digest> = []
    var use = TokenUse(input: 0, output: 0)
    var estimated = 0
    /// Requests on their way, and what they may cost at most.
    var pending = 0
    var pendingUse = TokenUse(input: 0, output: 0)
  }

  package init(_ limits: CostLimits) { self.limits = limits }

  /// What a worker may do with its request.
  enum Admission: Hashable {
    case go
    /// It fits only if those on their way cost less than they may.
    case wait
    case overCost(spent: Double, next: Double)
    case overRequests
  }

  /// Takes the most that a request may cost from what is left.
  func admit(_ worst: TokenUse) -> Admission {
    state.withLock { state in
      if let most = limits.requestsMax, state.counted.count + state.pending >= most {
        return state.pending > 0 && state.counted.count < most ? .wait : .overRequests
      }
      if let most = limits.costMax {
        let (spent, next) = (limits.cost(state.use), limits.cost(worst))
        if spent + limits.cost(state.pendingUse) + next > most {
          return state.pending > 0 ? .wait : .overCost(spent: spent, next: next)
        }
      }
      state.pending += 1
      state.pendingUse.input += worst.input
      state.pendingUse.output += worst.output
      return .go
    }
  }

  /// Gives back what ``admit(_:)`` took, once there is an answer or none will come.
  func settle(_ worst: TokenUse) {
    state.withLock { state in
      state.pending -= 1
      state.pendingUse.input -= worst.input
      state.pendingUse.output -= worst.output
    }
  }

  /// Counts an answer, unless it was counted before.
  func count(_ request: Digest, _ answer: ChatAnswer) {
    state.withLock { state in
      guard state.counted.insert(request).inserted else { return }
      // Sums of ledgers beyond 2^62 are of no machine.
      state.use.input += answer.use.input
      state.use.output += answer.use.output
      if answer.isUseEstimated { state.estimated += 1 }
    }
  }

  package var requests: Int { state.withLock { $0.counted.count } }
  package var use: TokenUse { state.withLock { $0.use } }
  package var cost: Double { limits.cost(use) }

  /// `ledger.json`.
  package func json(endpoint: String, model: String) -> JSONValue {
    let (requests, use, estimated) = state.withLock { ($0.counted.count, $0.use, $0.estimated) }
    return .object([
      "formatVersion": 1, "endpoint": .string(endpoint), "model": .string(model),
      "requests": .integer(Int64(requests)), "input_tokens": .integer(Int64(use.input)),
      "output_tokens": .integer(Int64(use.output)),
      "requests_with_estimated_tokens": .integer(Int64(estimated)),
      "input_price_per_million": .number(limits.inputPrice),
      "output_price_per_million": .number(limits.outputPrice),
      "cost": .number(limits.cost(use)), "max_cost": limits.costMax.map { .number($0) } ?? .null,
      "max_requests": limits.requestsMax.map { .integer(Int64($0)) } ?? .null,
    ])
  }
}
