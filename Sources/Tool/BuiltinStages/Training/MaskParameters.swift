internal import Diagnostics
package import Records
package import StageKit
internal import Tokenization

/// Which tokens of a row are trained and how a conversation is written, by Axolotl's names.
package struct MaskParameters: Sendable {
  /// Everything in a row, prompts included.
  package let trainsOnInputs: Bool
  package let rolesToTrain: [Message.Role]
  /// The text of a template that replaces the model's own, or nil.
  package let template: String?

  package init(_ read: inout ParameterReader) {
    trainsOnInputs = read.flag(
      "train_on_inputs", default: false, help: "Train on prompts as well as on answers.")
    let roles = read.strings(
      "roles_to_train", default: ["assistant"], help: "Whose turns are trained.")
    rolesToTrain = roles.compactMap(Message.Role.init(rawValue:))
    if rolesToTrain.count != roles.count || roles.isEmpty {
      read.problem(
        "roles_to_train",
        "expected some of \(Message.Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    template = Self.template(&read)
  }

  /// All tokens of every row: continued pre-training, and preferences, where the answers are known.
  package init(everythingWith read: inout ParameterReader) {
    trainsOnInputs = true
    rolesToTrain = Message.Role.allCases
    template = Self.template(&read)
  }

  private static func template(_ read: inout ParameterReader) -> String? {
    let names = BuiltinTemplate.allCases.map(\.rawValue)
    let name = read.string(
      "chat_template", default: "tokenizer_default",
      help: "How conversations are written: tokenizer_default (the model's own template), "
        + "\(names.joined(separator: ", ")), or jinja with chat_template_jinja.")
    let text = read.optionalString(
      "chat_template_jinja", help: "The text of a template, for chat_template: jinja.")
    if (name == "jinja") != (text != nil) {
      read.problem(
        "chat_template_jinja",
        text == nil
          ? "chat_template is jinja, and chat_template_jinja is missing"
          : "chat_template_jinja is set, and chat_template is '\(SafeText.escaped(name))'",
        fix: "set chat_template: jinja and chat_template_jinja: '…' together")
      return nil
    }
    if name == "tokenizer_default" { return nil }
    do {
      return try text.map { try ChatTemplate(source: $0, file: "chat_template_jinja").source }
        ?? BuiltinTemplate.template(name).source
    } catch {
      let found = (error as? Failure)?.diagnostics.first
      read.problem(
        text == nil ? "chat_template" : "chat_template_jinja",
        found?.message ?? "the template cannot be read", fix: found?.fix)
      return nil
    }
  }
}
