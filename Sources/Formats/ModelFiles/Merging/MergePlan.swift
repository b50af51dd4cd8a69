package import Diagnostics
import Documents

/// A recipe joined with its models: the configuration of the result, and for each of its tensors
/// where it comes from and with which parameters.
///
/// Making a plan reads headers only; ``values(of:_:)`` reads one tensor of each model.
package struct MergePlan {
  /// One tensor of the result.
  struct Tensor {
    var name: String
    var shape: [Int]
    /// In the recipe's order.
    var sources: [Source]
    /// The index of the base in `sources`.
    var base: Int?
    var shared: Shared
  }

  struct Source {
    var model: String
    /// The tensor's name in that model.
    var tensor: String
    var weight = 1.0
    var density = 1.0
    var gamma = 0.01
    var epsilon = 0.15
    /// What passthrough multiplies with; nil: nothing.
    var scale: Double?
  }

  struct Shared {
    /// slerp's place between the base, 0, and the other, 1.
    var t = 0.0
    var normalizes = false
    var rescales = false
    var lambda = 1.0
  }

  package let recipe: MergeRecipe
  /// Of the result.
  package let configuration: ModelConfiguration
  /// Whose tokenizer the result has.
  package let tokenizerModel: String
  /// How the result is stored.
  package let type: TensorType
  /// Decides what DARE and DELLA drop.
  package let seed: UInt64
  package let warnings: [Diagnostic]

  let tensors: [Tensor]
  let models: [String: ModelFolder]

  /// - Parameter models: by the names of the recipe.
  /// - Throws: ``Failure`` of class `badInput` with every problem.
  package init(_ recipe: MergeRecipe, _ models: [String: ModelFolder], seed: UInt64 = 0) throws {
    self.recipe = recipe
    self.models = models
    self.seed = seed
    var builder = MergePlanBuilder(recipe, models)
    let made = builder.build()
    guard let made, builder.diagnostics.isEmpty else {
      throw Failure(builder.diagnostics, .badInput)
    }
    configuration = made.configuration
    tensors = made.tensors
    tokenizerModel = made.tokenizerModel
    type = recipe.type ?? made.baseType
    warnings = recipe.warnings + builder.warnings
  }

  /// Names and shapes of the result's tensors.
  package var tensorShapes: [(name: String, shape: [Int])] {
    tensors.map { ($0.name, $0.shape) }
  }

  /// Reads every model through and refuses NaN and infinities.
  package func checkFinite() throws {
    var diagnostics: [Diagnostic] = []
    for (name, folder) in models.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      do {
        try folder.checkFinite()
      } catch let failure as Failure where failure.failureClass == .badInput {
        diagnostics += failure.diagnostics.map { diagnostic in
          var named = diagnostic
          named.message = "model '\(SafeText.escaped(name))': \(diagnostic.message)"
          return named
        }
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }
}
