package import Diagnostics

/// Which models are merged, how, and with what parameters: mergekit's configuration file as a value.
///
/// Models are known by the names that the file gives them.
package struct MergeRecipe: Sendable, Hashable {
  package typealias Parameters = [String: MergeSetting]

  /// A model's name and where it was written.
  package struct Reference: Sendable, Hashable {
    package var name: String
    package var span: SourceSpan?

    package init(_ name: String, at span: SourceSpan? = nil) {
      self.name = name
      self.span = span
    }
  }

  /// A model's part in a slice.
  package struct Source: Sendable, Hashable {
    package var model: Reference
    /// Nil: all layers.
    package var layers: Range<Int>?
    package var parameters: Parameters

    package init(_ model: Reference, layers: Range<Int>? = nil, parameters: Parameters = [:]) {
      self.model = model
      self.layers = layers
      self.parameters = parameters
    }
  }

  /// Consecutive layers of the result, made of as many layers of each source.
  package struct Slice: Sendable, Hashable {
    package var sources: [Source]
    package var base: Reference?
    package var parameters: Parameters
    package var span: SourceSpan?

    package init(
      sources: [Source], base: Reference? = nil, parameters: Parameters = [:],
      span: SourceSpan? = nil
    ) {
      self.sources = sources
      self.base = base
      self.parameters = parameters
      self.span = span
    }
  }

  package enum TokenizerSource: Sendable, Hashable {
    /// The base's, or the first model's where there is none.
    case base
    case first
    case model(Reference)
  }

  package var method: MergeMethod
  package var base: Reference?
  package var slices: [Slice]
  package var parameters: Parameters
  /// How the result is stored; nil: as the base.
  package var type: TensorType?
  package var tokenizer = TokenizerSource.base
  /// The text of a chat template that replaces the tokenizer's.
  package var chatTemplate: String?
  /// What a user should know of a recipe that is otherwise good.
  package var warnings: [Diagnostic] = []

  package init(
    _ method: MergeMethod, base: Reference? = nil, slices: [Slice], parameters: Parameters = [:],
    type: TensorType? = nil
  ) {
    self.method = method
    self.base = base
    self.slices = slices
    self.parameters = parameters
    self.type = type
  }

  /// Every model that is named, each once, the base first.
  package var models: [Reference] {
    var all: [Reference] = []
    let named =
      [base].compactMap { $0 }
      + slices.flatMap { slice in [slice.base].compactMap { $0 } + slice.sources.map(\.model) }
    for reference in named where !all.contains(where: { $0.name == reference.name }) {
      all.append(reference)
    }
    return all
  }

  func base(of slice: Slice) -> Reference? { slice.base ?? base }

  /// Renames models; `transform` gives the new name or throws.
  package func renamed(_ transform: (Reference) -> String) -> MergeRecipe {
    func new(_ reference: Reference) -> Reference {
      Reference(transform(reference), at: reference.span)
    }
    var recipe = self
    recipe.base = base.map(new)
    if case .model(let reference) = tokenizer { recipe.tokenizer = .model(new(reference)) }
    for index in recipe.slices.indices {
      recipe.slices[index].base = slices[index].base.map(new)
      for source in recipe.slices[index].sources.indices {
        recipe.slices[index].sources[source].model = new(slices[index].sources[source].model)
      }
    }
    return recipe
  }
}
