/// The file that tells Ollama how to run a GGUF: `FROM`, `TEMPLATE`, `PARAMETER`.
///
/// Without stops a model answers without end, and without a template it is asked in a form it was
/// not trained on, so both are always written when they are known.
package struct Modelfile: Sendable, Hashable {
  /// The GGUF's name beside the Modelfile.
  package var from: String
  package var template: TurnTemplate?
  /// Texts of the tokens that end an answer.
  package var stops: [String]
  package var contextLength: Int
  /// Further parameters, in order: `temperature` and its like.
  package var parameters: [Parameter] = []
  /// The model's license.
  package var license: String?
  /// Whether the model's own template tells of tools, which ``template`` does not.
  package var leavesOutTools = false

  package struct Parameter: Sendable, Hashable {
    package var name: String
    package var value: String
  }

  package init(from: String, template: TurnTemplate?, stops: [String], contextLength: Int) {
    self.from = from
    self.template = template
    self.stops = stops
    self.contextLength = contextLength
  }

  /// Whether the template is told.
  package var canTellTemplate: Bool { template.map { Self.canTell($0) } ?? false }

  /// Whether a template can be told in Go's template language.
  package static func canTell(_ template: TurnTemplate) -> Bool { goText(template) != nil }

  package var text: String {
    var lines = ["FROM ./\(from)"]
    if let template, let goText = Self.goText(template) {
      if leavesOutTools {
        lines.append(
          "# The template tells conversations; what the model's own has for tools is not in it.")
      }
      lines.append("TEMPLATE \"\"\"\(goText)\"\"\"")
    }
    for stop in stops { lines.append("PARAMETER stop \(Self.quoted(stop))") }
    lines.append("PARAMETER num_ctx \(contextLength)")
    lines += parameters.map { "PARAMETER \($0.name) \($0.value)" }
    if let license, !license.contains("\"\"\"") {
      lines.append("LICENSE \"\"\"\(license)\"\"\"")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The template over `.Messages`; nil when a literal text would be read as an instruction.
  static func goText(_ template: TurnTemplate) -> String? {
    var branches: [(role: String, frame: TurnTemplate.Frame)] = []
    if let system = template.system { branches.append(("system", system)) }
    branches.append(("user", template.user))
    branches.append(("assistant", template.assistant))
    let literals =
      [
        template.lead, template.generationPrompt, template.systemInUser?.before ?? "",
        template.systemInUser?.after ?? "",
      ]
      + branches.flatMap { [$0.frame.before, $0.frame.after] }
    guard literals.allSatisfy({ !$0.contains("{{") && !$0.contains("\"\"\"") }) else { return nil }
    var text = ""
    let rules = template.systemInUser
    if !template.lead.isEmpty {
      text +=
        rules != nil
        ? template.lead
        : "{{ if ne (index .Messages 0).Role \"system\" }}\(template.lead){{ end }}"
    }
    text += rules == nil ? "{{ range .Messages }}" : "{{ range $i, $_ := .Messages }}"
    for (index, branch) in branches.enumerated() {
      text += "{{ \(index == 0 ? "if" : "else if") eq .Role \"\(branch.role)\" }}"
      text += branch.frame.before
      if let rules, branch.role == "user" {
        // Rules have no turn of their own: they stand in the first question.
        text += "{{ if eq $i 1 }}{{ if eq (index $.Messages 0).Role \"system\" }}"
        text += rules.before + "{{ (index $.Messages 0).Content }}" + rules.after
        text += "{{ end }}{{ end }}"
      }
      text += "{{ .Content }}" + branch.frame.after
    }
    return text + "{{ end }}{{ end }}" + template.generationPrompt
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
