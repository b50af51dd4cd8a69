import Diagnostics
import Documents
import ModelFiles
import Testing

@Suite("mergekit files")
struct MergeRecipeTests {
  static let head = "merge_method: ties\nbase_model: base\n"

  @Test(
    "what cannot be carried is named with its place",
    arguments: [
      (
        "merge_methd: ties\nmodels: [{model: a}]",
        [
          "m.yml:1:1 a mergekit file has no key 'merge_methd' (did you mean 'merge_method'?)",
          "m.yml:1:1 'merge_method' is missing (one of linear, slerp, ties, task_arithmetic, dare_linear, dare_ties, breadcrumbs, breadcrumbs_ties, della, della_linear, passthrough)",
        ]
      ),
      (
        "merge_method: tie\nmodels: [{model: a}]",
        [
          "m.yml:1:15 there is no method 'tie' (did you mean 'ties'? known: linear, slerp, ties, task_arithmetic, dare_linear, dare_ties, breadcrumbs, breadcrumbs_ties, della, della_linear, passthrough)"
        ]
      ),
      (
        "merge_method: model_stock\nmodels: [{model: a}]",
        [
          "m.yml:1:15 the method 'model_stock' of mergekit is not supported (known: linear, slerp, ties, task_arithmetic, dare_linear, dare_ties, breadcrumbs, breadcrumbs_ties, della, della_linear, passthrough)"
        ]
      ),
      (
        "merge_method: ties\nmodels: [{model: a, weight: 1}]",
        ["m.yml:2:9 ties needs a base (add 'base_model: MODEL')"]
      ),
      (head, ["m.yml:1:1 there is neither 'models' nor 'slices'"]),
      (
        head + "models: [{model: a, weigth: 1}]",
        ["m.yml:3:21 a model has no key 'weigth' (did you mean 'weight'?)"]
      ),
      (
        head + "models: [{model: a, parameters: {densty: 1, weight: 1}}]",
        ["m.yml:3:34 ties has no parameter 'densty' (did you mean 'density'?)"]
      ),
      (
        head + "models: [{model: a, parameters: {lambda: 1, weight: 1}}]",
        [
          "m.yml:3:34 'lambda' holds for all models of a merge, not for one (write it under 'parameters' of the slice or at the top)"
        ]
      ),
      (
        head + "models: [{model: a, weight: many}]",
        ["m.yml:3:29 'weight' is 'many', expected a number"]
      ),
      (
        head + "models: [{model: a, weight: [{valu: 1}]}]",
        ["m.yml:3:31 an entry of 'weight' has no key 'valu' (it takes filter and value)"]
      ),
      (
        head + "models: [{model: a, weight: 1, density: 1.5}]",
        ["m.yml:3:41 'density' is 1.5, expected a number from 0 to 1"]
      ),
      (
        head + "models: [{model: a, weight: 1}, {model: a, weight: 1}]",
        ["m.yml:3:9 a model is named twice in one merge"]
      ),
      (
        head + "models: [{model: a+lora, weight: 1}]",
        [
          "m.yml:3:18 'a+lora' is a model with a LoRA, which is merged first here (make the adapter an input of its own and name that)"
        ]
      ),
      (
        head + "models: [{model: a, weight: 1}]\nparameters: {normalize: 2}",
        ["m.yml:4:25 'normalize' is '2', expected true or false"]
      ),
      (
        head + "models: [{model: a, weight: 1}]\ntokenizer_source: union",
        [
          "m.yml:4:19 'tokenizer_source' is 'union', which makes a vocabulary of several; that is not supported (use 'base', and models that were trained from one base)"
        ]
      ),
      (
        head + "models: [{model: a, weight: 1}]\ntokenizer: {source: base, pad_to_multiple_of: 8}",
        [
          "m.yml:4:27 'tokenizer' changes the vocabulary, which is not supported (merge models of one vocabulary, and leave it out)"
        ]
      ),
      (
        head + "models: [{model: a, weight: 1}]\ndtype: int8",
        ["m.yml:4:8 'dtype' is 'int8', expected float32, float16 or bfloat16"]
      ),
      (
        head + "models: [{model: a, weight: 1}]\nchat_template: chatml",
        [
          "m.yml:4:16 'chat_template' is 'chatml', expected the text of a Jinja template (leave it out to keep the template of the base)"
        ]
      ),
      (
        "merge_method: slerp\nbase_model: a\nparameters: {t: 0.5}\nmodels: [{model: a}, {model: b}, {model: c}]",
        ["m.yml:4:9 slerp merges two models, found 3"]
      ),
      (
        "merge_method: passthrough\nslices: [{sources: [{model: a, layer_range: [2, 1]}]}]",
        ["m.yml:2:45 'layer_range' is expected to be [first, last + 1] with 0 <= first < last + 1"]
      ),
      (
        "merge_method: linear\nmodules: {x: {}}",
        [
          "m.yml:2:10 'modules' is for models of several modules, which are not supported (write 'models:' or 'slices:' at the top)"
        ]
      ),
    ])
  func problems(_ text: String, _ expected: [String]) throws {
    var reader = MergeRecipeReader()
    let recipe = reader.read(try YAMLReader.parse(Array(text.utf8), file: "m.yml"))
    #expect(recipe == nil)
    let found = reader.diagnostics.map { diagnostic in
      let place = diagnostic.span.map { "\($0.file):\($0.line):\($0.column) " } ?? ""
      return place + diagnostic.message + (diagnostic.fix.map { " (\($0))" } ?? "")
    }
    #expect(found == expected)
  }

  @Test("a parameter that the method does not read is a warning, as it is common in real files")
  func noEffect() throws {
    var reader = MergeRecipeReader()
    let text = Self.head + "models: [{model: a, weight: 1}]\nparameters: {t: 0.5}"
    let recipe = try #require(reader.read(try YAMLReader.parse(Array(text.utf8), file: "m.yml")))
    #expect(recipe.warnings.map(\.message) == ["'t' has no effect on ties"])
    #expect(recipe.models.map(\.name) == ["base", "a"])
  }

  @Test("a gradient is read between its values, a flag at the one before")
  func settings() {
    let gradient = MergeSetting([.init(values: [0, 1, 5])])
    let places = [0, 0.25, 0.5, 0.75, 1]
    #expect(places.map { gradient.number(tensor: "x", t: $0) } == [0, 0.5, 1, 3, 5])
    #expect(
      places.map { MergeSetting([.init(values: [0, 1, 0])]).flag(tensor: "x", t: $0) }
        == [false, false, true, true, false])
    let filtered = MergeSetting([
      .init(filter: "mlp", values: [2]), .init(filter: "*", values: [3]), .init(values: [4]),
    ])
    #expect(filtered.number(tensor: "a.mlp.up", t: 0) == 2)
    #expect(filtered.number(tensor: "a.attn", t: 0) == 3)
    #expect(MergeSetting([.init(filter: "mlp", values: [2])]).number(tensor: "a", t: 0) == nil)
  }
}
