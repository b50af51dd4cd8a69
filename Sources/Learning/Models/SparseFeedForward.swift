import ModelFiles
import Tensors

/// A mixture of experts: Σ w · down(f(gate) · up) over the experts that a router chooses for each
/// token.
///
/// Tokens are gathered by expert, so that each expert is one product; a token's results are added
/// in the order of the experts. The weight w multiplies what enters `down`, which has no bias: that
/// is the same number, and its gradient needs no result to be kept.
final class SparseFeedForward: FeedForward {
  private let routerLinear: Linear
  let experts: [Expert]
  private let activation: GateActivation
  private let rule: Routing.Rule
  /// F of one expert.
  private let size: Int
  private let width: Int

  struct Expert {
    let gateUp: Linear
    let down: Linear
  }

  init(
    _ shape: DecoderShape, _ flags: DecoderFlags.Experts, prefix: String,
    _ storage: Linear.Storage, router routerStorage: Linear.Storage
  ) {
    precondition(
      flags.perToken > 0 && flags.perToken <= flags.count, "the configuration was checked")
    activation = shape.activation
    rule = Routing.Rule(
      experts: flags.count, perToken: flags.perToken, normalizes: flags.normalizesWeights)
    size = flags.intermediateSize
    width = shape.hidden
    let (f, c) = (flags.intermediateSize, shape.hidden)
    let (block, names) =
      switch flags.naming {
      case .mixtral: (prefix + "block_sparse_moe.", (gate: "w1", up: "w3", down: "w2"))
      case .qwen: (prefix + "mlp.", (gate: "gate_proj", up: "up_proj", down: "down_proj"))
      }
    routerLinear = Linear(
      [(block + "gate", flags.count)], inputSize: c, hasBias: false, routerStorage)
    experts = (0..<flags.count).map { expert in
      let path = "\(block)experts.\(expert)."
      return Expert(
        gateUp: Linear(
          [(path + names.gate, f), (path + names.up, f)], inputSize: c, hasBias: false, storage),
        down: Linear([(path + names.down, c)], inputSize: f, hasBias: false, storage))
    }
  }

  var hiddenSize: Int { size * rule.perToken }
  var expertsPerToken: Int { rule.perToken }
  var keepsWhenFinishing: Bool { experts.contains { $0.down.adapter != nil } }
  var linears: [Linear] { experts.flatMap { [$0.gateUp, $0.down] } }
  var router: Linear? { routerLinear }
  var tensors: [WeightTensor] { routerLinear.tensors + linears.flatMap(\.tensors) }

  // MARK: - Memory

  struct Saved {
    /// (T, E); backward overwrites it by its gradient.
    let logits: Matrix
    let router: Linear.Saved
    /// Room for what the experts' linears keep: its parts depend on the routing.
    let adapters: Arena
    let adapterIsOn: Bool
    let record: Record
  }

  /// What is known of a layer once its tokens are routed.
  final class Record {
    fileprivate(set) var routing: Routing?
    fileprivate var experts: [(gateUp: Linear.Saved, down: Linear.Saved)] = []
  }

  struct SavedSlots {
    let logits: ArenaSlot
    let router: Linear.SavedSlots
    let adapters: ArenaSlot
    let adapterIsOn: Bool

    func matrices(_ arena: Arena) -> Saved {
      Saved(
        logits: arena.matrix(logits), router: router.matrices(arena),
        adapters: arena.inside(adapters), adapterIsOn: adapterIsOn, record: Record())
    }
  }

  func slots(_ plan: inout ArenaPlan, tokens: Int, adapterIsOn: Bool) -> FeedForwardSlots {
    // Rows are spread over the experts in a way that only the step knows: room for all of them
    // at the most demanding expert, and for what each expert's rounding to whole lines adds.
    func cells(_ expert: Expert, _ rows: Int) -> Int {
      var plan = ArenaPlan()
      _ = slots(expert, &plan, rows: rows, adapterIsOn)
      return plan.count
    }
    let rows = tokens * rule.perToken
    let most = experts.map { cells($0, rows) }.max() ?? 0
    let rounding = experts.reduce(0) { $0 + cells($1, 1) }
    return FeedForwardSlots(
      gateUp: plan.take(rows, 2 * size),
      block: .sparse(
        SavedSlots(
          logits: plan.take(tokens, rule.experts),
          router: routerLinear.slots(&plan, tokens: tokens, adapterIsOn: adapterIsOn),
          adapters: plan.take(1, most + rounding), adapterIsOn: adapterIsOn)))
  }

  private func slots(
    _ expert: Expert, _ plan: inout ArenaPlan, rows: Int, _ adapterIsOn: Bool
  ) -> (gateUp: Linear.SavedSlots, down: Linear.SavedSlots) {
    (
      expert.gateUp.slots(&plan, tokens: rows, adapterIsOn: adapterIsOn),
      expert.down.slots(&plan, tokens: rows, adapterIsOn: adapterIsOn)
    )
  }

  // MARK: - Forward

  func begin(_ x: Matrix, _ saved: FeedForwardSaved, in pass: Pass) {
    let own = sparse(saved), backend = pass.backend
    routerLinear.forward(own.logits, x, own.router, in: pass)
    let routing = Routing(own.logits.values(), rule, pool: backend.pool)
    var plan = ArenaPlan()
    let slots = experts.indices.map {
      self.slots(experts[$0], &plan, rows: routing.rows(of: $0).count, own.adapterIsOn)
    }
    own.record.routing = routing
    own.record.experts = slots.map {
      (gateUp: $0.gateUp.matrices(own.adapters), down: $0.down.matrices(own.adapters))
    }
    let rows = self.rows(pass.gathered, saved)
    backend.gather(rows, x, routing.tokens)
    forEachExpert(own, in: pass) { expert, range, kept in
      expert.gateUp.forward(
        saved.gateUp.rows(range), rows.rows(range), kept.gateUp, in: pass)
    }
  }

  func finish(_ y: Matrix, _ saved: FeedForwardSaved, in pass: Pass, accumulate: Bool) {
    let own = sparse(saved), backend = pass.backend, routing = routing(own)
    let hidden = self.hidden(pass.hidden, saved), rows = self.rows(pass.gathered, saved)
    backend.gate(hidden, saved.gateUp, activation)
    backend.scaleRows(hidden, hidden, routing.weights)
    forEachExpert(own, in: pass) { expert, range, kept in
      expert.down.forward(rows.rows(range), hidden.rows(range), kept.down, in: pass)
    }
    if !accumulate { backend.zero(y) }
    backend.scatter(y, rows, routing.tokens)
  }

  // MARK: - Backward

  func backward(
    _ dy: Matrix, _ x: () -> Matrix, dx: Matrix, dHidden: Matrix, _ saved: FeedForwardSaved,
    in pass: Pass
  ) {
    let own = sparse(saved), backend = pass.backend, routing = routing(own)
    let hidden = self.hidden(pass.hidden, saved), dHidden = self.hidden(dHidden, saved)
    let rows = self.rows(pass.gathered, saved), dRows = self.rows(pass.returned, saved)
    backend.gate(hidden, saved.gateUp, activation)
    backend.scaleRows(hidden, hidden, routing.weights)
    backend.gather(rows, dy, routing.tokens)
    forEachExpert(own, in: pass) { expert, range, kept in
      expert.down.backward(
        rows.rows(range), hidden.rows(range), dx: dHidden.rows(range), kept.down, in: pass)
    }
    // What entered `down` was w · hidden.
    backend.gate(hidden, saved.gateUp, activation)
    let slopes = backend.rowDots(dHidden, hidden)
    backend.scaleRows(dHidden, dHidden, routing.weights)
    backend.gateBackward(saved.gateUp, dHidden, saved.gateUp, activation)

    let x = x()
    own.logits.write(
      routing.backward(
        own.logits.values(), slopes, auxiliary: pass.auxiliarySlopes, pool: backend.pool))
    routerLinear.backward(own.logits, x, dx: dx, own.router, in: pass)
    backend.gather(rows, x, routing.tokens)
    forEachExpert(own, in: pass) { expert, range, kept in
      expert.gateUp.backward(
        saved.gateUp.rows(range), rows.rows(range), dx: dRows.rows(range), kept.gateUp, in: pass)
    }
    backend.scatter(dx, dRows, routing.tokens)
  }

  // MARK: - Private

  /// Calls `body` for each expert that has rows.
  private func forEachExpert(
    _ saved: Saved, in pass: Pass,
    _ body: (Expert, Range<Int>, (gateUp: Linear.Saved, down: Linear.Saved)) -> Void
  ) {
    let routing = routing(saved)
    for (index, expert) in experts.enumerated() {
      let range = routing.rows(of: index)
      if range.isEmpty { continue }
      pass.withRows(of: routing.tokens[range]) {
        body(expert, range, saved.record.experts[index])
      }
    }
  }

  private func sparse(_ saved: FeedForwardSaved) -> Saved {
    guard case .sparse(let own) = saved.block else {
      preconditionFailure("a block keeps its own kind")
    }
    return own
  }

  private func routing(_ saved: Saved) -> Routing {
    guard let routing = saved.record.routing else {
      preconditionFailure("tokens are routed before they are computed")
    }
    return routing
  }

  private func rows(_ scratch: Matrix, _ saved: FeedForwardSaved) -> Matrix {
    scratch.reshaped(rows: saved.gateUp.rows, columns: width)
  }

  private func hidden(_ scratch: Matrix, _ saved: FeedForwardSaved) -> Matrix {
    scratch.reshaped(rows: saved.gateUp.rows, columns: size)
  }
}
