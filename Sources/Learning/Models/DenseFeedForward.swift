import ModelFiles
import Tensors

/// The feed-forward block of a layer: down(f(gate) · up).
final class DenseFeedForward: FeedForward {
  let gateUp: Linear
  let down: Linear
  private let activation: GateActivation
  private let size: Int

  init(_ shape: DecoderShape, prefix: String, hasBias: Bool, _ storage: Linear.Storage) {
    activation = shape.activation
    size = shape.feedForward
    let f = shape.feedForward
    gateUp = Linear(
      shape.flags.fusesProjections
        ? [(prefix + "mlp.gate_up_proj", 2 * f)]
        : [(prefix + "mlp.gate_proj", f), (prefix + "mlp.up_proj", f)],
      inputSize: shape.hidden, hasBias: hasBias, storage)
    down = Linear(
      [(prefix + "mlp.down_proj", shape.hidden)], inputSize: f, hasBias: hasBias, storage)
  }

  var hiddenSize: Int { size }
  var expertsPerToken: Int { 0 }
  var keepsWhenFinishing: Bool { down.adapter != nil }
  var linears: [Linear] { [gateUp, down] }
  var router: Linear? { nil }
  var tensors: [WeightTensor] { linears.flatMap(\.tensors) }

  func slots(_ plan: inout ArenaPlan, tokens: Int, adapterIsOn: Bool) -> FeedForwardSlots {
    FeedForwardSlots(
      gateUp: plan.take(tokens, 2 * size),
      block: .dense(
        gateUp: gateUp.slots(&plan, tokens: tokens, adapterIsOn: adapterIsOn),
        down: down.slots(&plan, tokens: tokens, adapterIsOn: adapterIsOn)))
  }

  func begin(_ x: Matrix, _ saved: FeedForwardSaved, in pass: Pass) {
    gateUp.forward(saved.gateUp, x, linears(saved).gateUp, in: pass)
  }

  func finish(_ y: Matrix, _ saved: FeedForwardSaved, in pass: Pass, accumulate: Bool) {
    let hidden = hidden(pass.hidden, saved)
    pass.backend.gate(hidden, saved.gateUp, activation)
    down.forward(y, hidden, linears(saved).down, in: pass, accumulate: accumulate)
  }

  func backward(
    _ dy: Matrix, _ x: () -> Matrix, dx: Matrix, dHidden: Matrix, _ saved: FeedForwardSaved,
    in pass: Pass
  ) {
    let (hidden, dHidden) = (hidden(pass.hidden, saved), hidden(dHidden, saved))
    pass.backend.gate(hidden, saved.gateUp, activation)
    down.backward(dy, hidden, dx: dHidden, linears(saved).down, in: pass)
    pass.backend.gateBackward(saved.gateUp, dHidden, saved.gateUp, activation)
    gateUp.backward(saved.gateUp, x(), dx: dx, linears(saved).gateUp, in: pass)
  }

  /// Scratch may be wider where other layers are.
  private func hidden(_ scratch: Matrix, _ saved: FeedForwardSaved) -> Matrix {
    scratch.reshaped(rows: saved.gateUp.rows, columns: size)
  }

  private func linears(_ saved: FeedForwardSaved) -> (gateUp: Linear.Saved, down: Linear.Saved) {
    guard case .dense(let gateUp, let down) = saved.block else {
      preconditionFailure("a block keeps its own kind")
    }
    return (gateUp, down)
  }
}
