/// Kinds of a backend's operations, by what a step is made of.
enum OperationKind: String, CaseIterable {
  case weights = "weights forward"
  case weightsBack = "weights backward"
  case weightGradients = "weight gradients"
  case adapters = "adapters forward"
  case adaptersBack = "adapters backward"
  case adapterGradients = "adapter gradients"
  case attention = "attention forward"
  case attentionBack = "attention backward"
  case crossEntropy = "cross-entropy"
  case expansion = "expansion of weights"
  case norms, rotary, gates
  /// Rows taken and added by index.
  case tokens = "gather and scatter"
  case optimizer
  /// Additions, copies, zeros, scales, sums, dropout.
  case rows = "other rows"

  /// What a reader wants to know first.
  var summary: String {
    switch self {
    case .weights, .weightsBack, .weightGradients: "products"
    case .adapters, .adaptersBack, .adapterGradients: "adapters"
    case .attention, .attentionBack: "attention"
    case .expansion: "expansion"
    default: rawValue
    }
  }
}

/// What operations of one kind took.
struct OperationTally {
  var calls = 0
  /// Of the wall's time.
  var seconds = 0.0
  /// Of all threads.
  var processorSeconds = 0.0
  /// Floating-point ones; 0: not counted.
  var operations = 0.0

  static func += (sum: inout Self, more: Self) {
    sum.calls += more.calls
    sum.seconds += more.seconds
    sum.processorSeconds += more.processorSeconds
    sum.operations += more.operations
  }
}
