internal import Diagnostics
internal import Documents
private import Foundation
internal import ModelFiles
internal import StageKit

extension Merge.Parameters {
  /// The recipe with models named by input ports; nil for an adapter.
  ///
  /// - Throws: ``Failure`` with every problem of the mergekit file, at its place.
  func settled(_ files: [String: [InputFile]]) throws -> MergeRecipe? {
    switch origin {
    case .adapter, .none: return nil
    case .recipe(let recipe): return recipe
    case .file(let pattern, let inputs):
      guard let file = files[pattern.parameter]?.first else {
        throw Diagnostic("merge.no-file", "there is no mergekit file").failure(.badInput)
      }
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
      let document = try YAMLReader.parse(bytes, file: file.name)
      var reader = MergeRecipeReader()
      guard let read = reader.read(document) else { throw Failure(reader.diagnostics, .badInput) }
      let recipe = read.renamed { Merge.port(of: $0.name, names) }
      try check(recipe, read, inputs)
      return recipe
    }
  }

  /// Every model is an input, and every input a model.
  private func check(_ recipe: MergeRecipe, _ read: MergeRecipe, _ inputs: [String]) throws {
    var problems: [Diagnostic] = []
    for reference in read.models {
      let port = Merge.port(of: reference.name, names)
      guard !inputs.contains(port) else { continue }
      problems.append(
        Diagnostic(
          "merge.no-input",
          "the model '\(SafeText.escaped(reference.name))' is none of the inputs "
            + inputs.joined(separator: ", "), at: reference.span,
          fix: "add 'names: { \(SafeText.escaped(reference.name)): INPUT }'"))
    }
    for input in inputs where !recipe.models.contains(where: { $0.name == input }) {
      problems.append(
        Diagnostic(
          "merge.unused-input",
          "the input '\(SafeText.escaped(input))' is no model of the mergekit file",
          fix: "leave it out, or map a model to it with 'names'"))
    }
    if !problems.isEmpty { throw Failure(problems, .badInput) }
  }
}
