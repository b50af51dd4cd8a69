import ModelFiles
import Tensors

/// The feed-forward block of a layer: down(f(gate) · up).
final class FeedForward {
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

  /// Columns of the scratch that holds f(gate) · up.
  var hiddenSize: Int { size }
  var linears: [Linear] { [gateUp, down] }
  var tensors: [WeightTensor] { linears.flatMap(\.tensors) }

  /// What forward keeps for backward.
  struct Saved {
    /// (T, 2F); backward overwrites it by its gradient.
    let gateUp: Matrix
    let gateUpLinear: Linear.Saved
    let downLinear: Linear.Saved
  }

  struct SavedSlots {
    let gateUp: ArenaSlot
    let gateUpLinear: Linear.SavedSlots
    let downLinear: Linear.SavedSlots

    func matrices(_ arena: Arena) -> Saved {
      Saved(
        gateUp: arena.matrix(gateUp), gateUpLinear: gateUpLinear.matrices(arena),
        downLinear: downLinear.matrices(arena))
    }
  }

  func slots(_ plan: inout ArenaPlan, tokens: Int, adapterIsOn: Bool) -> SavedSlots {
    SavedSlots(
      gateUp: plan.take(tokens, 2 * size),
      gateUpLinear: gateUp.slots(&plan, tokens: tokens, adapterIsOn: adapterIsOn),
      downLinear: down.slots(&plan, tokens: tokens, adapterIsOn: adapterIsOn))
  }

  /// gate and up, which backward needs.
  func begin(_ x: Matrix, _ saved: Saved, in pass: Pass) {
    gateUp.forward(saved.gateUp, x, saved.gateUpLinear, in: pass)
  }

  /// y (+)= the rest, after ``begin(_:_:in:)``.
  func finish(_ y: Matrix, _ saved: Saved, in pass: Pass, accumulate: Bool) {
    pass.backend.gate(pass.hidden, saved.gateUp, activation)
    down.forward(y, pass.hidden, saved.downLinear, in: pass, accumulate: accumulate)
  }

  /// dx is overwritten. `dHidden` is scratch (T, F).
  func backward(
    _ dy: Matrix, _ x: () -> Matrix, dx: Matrix, dHidden: Matrix, _ saved: Saved, in pass: Pass
  ) {
    pass.backend.gate(pass.hidden, saved.gateUp, activation)
    down.backward(dy, pass.hidden, dx: dHidden, saved.downLinear, in: pass)
    pass.backend.gateBackward(saved.gateUp, dHidden, saved.gateUp, activation)
    gateUp.backward(saved.gateUp, x(), dx: dx, saved.gateUpLinear, in: pass)
  }
}
