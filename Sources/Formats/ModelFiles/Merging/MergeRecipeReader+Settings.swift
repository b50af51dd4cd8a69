import Diagnostics
package import Documents

extension MergeRecipeReader {
  /// Adds a parameter, unless the method has none of that name.
  mutating func add(
    _ entry: Node.Entry, forModel: Bool, to parameters: inout MergeRecipe.Parameters
  ) {
    let name = entry.name
    let shown = SafeText.escaped(name, limit: 40)
    guard MergeMethod.parameterNames.contains(name) else {
      let nearest = NearestName.suggestion(for: name, among: MergeMethod.parameterNames)
      let own = method.sharedParameters + method.modelParameters
      problem(
        "\(method.rawValue) has no parameter '\(shown)'", at: entry.key.span,
        fix: nearest.map { "did you mean '\($0)'?" }
          ?? (own.isEmpty ? "it has none" : "it has \(own.sorted().joined(separator: ", "))"))
      return
    }
    let isShared = method.sharedParameters.contains(name)
    guard isShared || method.modelParameters.contains(name) else {
      warn("'\(shown)' has no effect on \(method.rawValue)", at: entry.key.span)
      return
    }
    if isShared, forModel {
      problem(
        "'\(shown)' holds for all models of a merge, not for one", at: entry.key.span,
        fix: "write it under 'parameters' of the slice or at the top")
      return
    }
    if parameters[name] != nil {
      problem("'\(shown)' is written twice for one model", at: entry.key.span)
      return
    }
    let isFlag = MergeMethod.flagNames.contains(name)
    if let setting = setting(entry.value, shown, isFlag: isFlag) {
      check(setting, name, at: entry.value)
      parameters[name] = setting
    }
  }

  /// A value, a gradient, a condition, or a list of conditions.
  private mutating func setting(_ node: Node, _ name: String, isFlag: Bool) -> MergeSetting? {
    if node.mapping != nil {
      return condition(node, name, isFlag: isFlag).map { MergeSetting([$0]) }
    }
    if let items = node.sequence, items.contains(where: { $0.mapping != nil }) {
      let conditions = items.map { condition($0, name, isFlag: isFlag) }
      return conditions.contains(nil) ? nil : MergeSetting(conditions.compactMap { $0 })
    }
    return values(node, name, isFlag: isFlag).map { MergeSetting([.init(values: $0)]) }
  }

  private mutating func condition(_ node: Node, _ name: String, isFlag: Bool)
    -> MergeSetting.Condition?
  {
    guard let entries = node.mapping else {
      problem(
        "an entry of '\(name)' is \(node.kindName), expected a mapping of 'filter' and 'value'",
        at: node.span)
      return nil
    }
    for entry in entries where !["filter", "value"].contains(entry.name) {
      problem(
        "an entry of '\(name)' has no key '\(SafeText.escaped(entry.name, limit: 40))'",
        at: entry.key.span, fix: "it takes filter and value")
      return nil
    }
    guard let value = node["value"] else {
      problem("an entry of '\(name)' has no 'value'", at: node.span)
      return nil
    }
    var filter: String?
    if let node = node["filter"], !node.isNull {
      guard let text = node.scalar?.text else {
        problem("'filter' is \(node.kindName), expected a part of a tensor's name", at: node.span)
        return nil
      }
      filter = text
    }
    return values(value, name, isFlag: isFlag).map { .init(filter: filter, values: $0) }
  }

  private mutating func values(_ node: Node, _ name: String, isFlag: Bool) -> [Double]? {
    let items = node.sequence ?? [node]
    var values: [Double] = []
    for item in items {
      let flag = isFlag ? CoreSchema.bool(item).map { $0 ? 1.0 : 0.0 } : nil
      guard let value = flag ?? number(item, isFlag: isFlag) else {
        problem(
          "'\(name)' is \(item.kindName), expected \(isFlag ? "true or false" : "a number")",
          at: item.span)
        return nil
      }
      values.append(value)
    }
    if values.isEmpty {
      problem("'\(name)' is an empty list", at: node.span)
      return nil
    }
    return values
  }

  private func number(_ node: Node, isFlag: Bool) -> Double? {
    guard let value = CoreSchema.number(node) else { return nil }
    return isFlag && value != 0 && value != 1 ? nil : value
  }

  private mutating func check(_ setting: MergeSetting, _ name: String, at node: Node) {
    guard ["density", "gamma", "epsilon"].contains(name) else { return }
    let values = setting.conditions.flatMap(\.values)
    if let value = values.first(where: { !(0...1).contains($0) }) {
      problem("'\(name)' is \(value), expected a number from 0 to 1", at: node.span)
    }
  }

  // MARK: - Types and tokenizer

  package mutating func readType(_ node: Node, _ key: String) -> TensorType? {
    if node.isNull { return nil }
    if let text = node.scalar?.text, let type = TensorType(torchName: text) { return type }
    problem(
      "'\(key)' is \(node.kindName), expected float32, float16 or bfloat16", at: node.span)
    return nil
  }

  mutating func readTokenizer(_ document: Node, into recipe: inout MergeRecipe) {
    var source = document["tokenizer_source"]
    if let tokenizer = document["tokenizer"], !tokenizer.isNull {
      let extra = tokenizer.mapping?.first { $0.name != "source" }
      if tokenizer.mapping == nil || extra != nil {
        problem(
          "'tokenizer' changes the vocabulary, which is not supported",
          at: extra?.key.span ?? tokenizer.span,
          fix: "merge models of one vocabulary, and leave it out")
      }
      if source != nil {
        problem("'tokenizer' and 'tokenizer_source' are both there", at: tokenizer.span)
      }
      source = tokenizer["source"]
    }
    if let node = source, !node.isNull, let text = node.scalar?.text {
      switch text {
      case "base": recipe.tokenizer = .base
      case "first": recipe.tokenizer = .first
      case "union":
        problem(
          "'tokenizer_source' is 'union', which makes a vocabulary of several; that is not "
            + "supported", at: node.span,
          fix: "use 'base', and models that were trained from one base")
      default:
        if let model = reference(node, "tokenizer_source") { recipe.tokenizer = .model(model) }
      }
    }
    guard let template = document["chat_template"], !template.isNull else { return }
    if let text = template.scalar?.text, text.contains("{") {
      recipe.chatTemplate = text
    } else {
      problem(
        "'chat_template' is \(template.kindName), expected the text of a Jinja template",
        at: template.span, fix: "leave it out to keep the template of the base")
    }
  }
}
