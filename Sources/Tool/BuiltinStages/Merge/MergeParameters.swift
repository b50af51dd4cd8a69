internal import Diagnostics
internal import Documents
internal import ModelFiles
package import StageKit

extension Merge {
  package struct Parameters: StageParameters {
    /// Where the recipe comes from.
    enum Origin: Sendable {
      /// An adapter goes into its base.
      case adapter
      /// Written in the pipeline; models have the names of input ports.
      case recipe(MergeRecipe)
      /// A mergekit file, and the input ports that its models may be.
      case file(FilePattern, inputs: [String])
      /// Problems were reported.
      case none
    }

    let origin: Origin
    /// Ports by the names of models in a mergekit file.
    let names: [String: String]
    let seed: Int
    /// For adapters; a recipe has its own.
    let type: TensorType?

    package init(_ read: inout ParameterReader) {
      let methods = ["adapter"] + MergeMethod.allCases.map(\.rawValue)
      let method = read.open(
        "method", expected: "one of \(methods.joined(separator: ", "))",
        help: "adapter, the default: the input 'model', an adapter, is merged into its base in "
          + "float32. The others are mergekit's methods, over the inputs that 'models' or 'slices' "
          + "name.")
      let keys = Self.readKeys(&read)
      let config = read.open(
        "config", expected: "a mapping",
        help: "A whole mergekit configuration, instead of the "
          + "keys above.")
      let file = read.files(
        "mergekit", optional: true, help: "A mergekit YAML file, instead of the keys above.")
      let inputs = read.strings(
        "inputs", default: [], help: "With mergekit: the names of the input ports.")
      var names: [String: String] = [:]
      for (name, port) in read.pairs(
        "names",
        help: "Input ports by the names of models in a mergekit configuration: "
          + "{ org/model: base }. Without it, the part after the last '/' is the port.")
      {
        names[name] = port
      }
      self.names = names
      seed = read.integer(
        "seed", default: 0, in: 0...Int.max, help: "Decides what dare and della drop.")
      let hasMethod = method.map { $0.scalar?.text != "adapter" } ?? false
      let given =
        [hasMethod ? "method" : nil, config.map { _ in "config" }]
        .compactMap { $0 } + (file.pattern == nil ? [] : ["mergekit"])
      if given.count > 1 {
        read.problem(given[1], "'\(given[0])' is there too, expected one recipe")
      }
      if !inputs.isEmpty, file.pattern == nil {
        read.problem("inputs", "inputs are listed for a mergekit file only")
      }
      var origin = Origin.adapter
      if file.pattern != nil {
        if inputs.isEmpty {
          read.problem(
            "inputs", "the list is empty", fix: "name the input ports: inputs: [base, other]")
        }
        origin = .file(file, inputs: inputs)
      } else if let config {
        origin = Self.recipe(config, names, &read)
      } else if hasMethod, let method {
        let entry = Node.Entry(
          key: Node(.scalar(.init("merge_method")), at: method.span), value: method)
        origin = Self.recipe(
          Node(.mapping([entry] + keys), at: method.span), names, &read)
      } else {
        for key in keys where !["dtype", "out_dtype"].contains(key.name) {
          read.problem(
            key.name, "an adapter is merged without it",
            fix: "choose a method: method: linear")
        }
      }
      self.origin = origin
      var types = MergeRecipeReader()
      type = keys.last { ["dtype", "out_dtype"].contains($0.name) }
        .flatMap { types.readType($0.value, $0.name) }
      if case .adapter = origin { read.report(types.diagnostics) }
    }

    /// mergekit's keys beside the method, as far as they are written.
    private static func readKeys(_ read: inout ParameterReader) -> [Node.Entry] {
      let declared: [(key: String, expected: String, help: String)] = [
        (
          "models", "a list of mappings",
          "The models: { model: INPUT, weight: 0.5, density: 0.6 }. A value is a number, a gradient "
            + "over the layers [0, 0.5, 1], or a list of { filter: self_attn, value: 0.5 }."
        ),
        (
          "slices", "a list of mappings",
          "Instead of models: layers of the result, each { sources: [ { model: INPUT, layer_range: "
            + "[0, 12] } ] }."
        ),
        (
          "base_model", "the name of an input",
          "What differences are taken from, and slerp's t 0; where one is needed: 'base' by default, for slerp the first of two models."
        ),
        (
          "parameters", "a mapping",
          "For all models: t, weight, density, normalize, rescale, lambda, gamma, epsilon, scale."
        ),
        (
          "dtype", "one of float32, float16, bfloat16",
          "How the result is stored; as the base by default. Sums are float32."
        ),
        ("out_dtype", "one of float32, float16, bfloat16", "The same; it precedes dtype."),
        (
          "tokenizer_source", "base, first or the name of an input",
          "Whose tokenizer the result has; the base's by default."
        ),
        ("chat_template", "a text", "A Jinja template that replaces the tokenizer's."),
      ]
      var entries: [Node.Entry] = []
      for item in declared {
        guard let node = read.open(item.key, expected: item.expected, help: item.help) else {
          continue
        }
        let key = Node(.scalar(.init(item.key)), at: node.span)
        entries.append(Node.Entry(key: key, value: node))
      }
      return entries
    }

    private static func recipe(
      _ node: Node, _ names: [String: String], _ read: inout ParameterReader
    ) -> Origin {
      var reader = MergeRecipeReader(defaultBase: "base")
      let recipe = reader.read(node)
      read.report(reader.diagnostics)
      guard let recipe else { return .none }
      return .recipe(recipe.renamed { Merge.port(of: $0.name, names) })
    }
  }

  /// The input port that a model's name in a configuration means.
  static func port(of name: String, _ names: [String: String]) -> String {
    if let port = names[name] { return port }
    let parts = name.split(separator: "/").filter { $0 != "." && $0 != ".." }
    return parts.last.map(String.init) ?? name
  }
}
