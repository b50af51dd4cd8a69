import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Modelfile")
struct ModelfileTests {
  static func chatML(_ turns: [TurnTemplate.Turn], _ asks: Bool) -> String {
    turns.map { "<|im_start|>\($0.role)\n\($0.content)<|im_end|>\n" }.joined()
      + (asks ? "<|im_start|>assistant\n" : "")
  }

  @Test("a template with fixed text around turns is told in Go")
  func goText() throws {
    let template = try #require(TurnTemplate(bos: "<s>") { "<s>" + Self.chatML($0, $1) })
    #expect(template.assistant.after == "<|im_end|>\n")
    #expect(template.lead == "")
    let file = Modelfile(
      from: "m-F16.gguf", template: template, stops: ["<|im_end|>", "a\"b"], contextLength: 512)
    #expect(
      file.text == #"""
        FROM ./m-F16.gguf
        TEMPLATE """{{ range .Messages }}{{ if eq .Role "system" }}<|im_start|>system
        {{ .Content }}<|im_end|>
        {{ else if eq .Role "user" }}<|im_start|>user
        {{ .Content }}<|im_end|>
        {{ else if eq .Role "assistant" }}<|im_start|>assistant
        {{ .Content }}<|im_end|>
        {{ end }}{{ end }}<|im_start|>assistant
        """
        PARAMETER stop "<|im_end|>"
        PARAMETER stop "a\"b"
        PARAMETER num_ctx 512

        """#)
  }

  @Test("a default system text becomes the lead")
  func lead() throws {
    let template = try #require(
      TurnTemplate(bos: nil) { turns, asks in
        let first = turns.first?.role == "system" ? "" : "<|im_start|>system\nBe kind.<|im_end|>\n"
        return first + Self.chatML(turns, asks)
      })
    #expect(template.lead == "<|im_start|>system\nBe kind.<|im_end|>\n")
    #expect(
      Modelfile(from: "m", template: template, stops: [], contextLength: 1).text.contains(
        #"{{ if ne (index .Messages 0).Role "system" }}<|im_start|>system"#))
  }

  @Test("a template that refuses system turns has no branch for them")
  func noSystem() throws {
    let template = try #require(
      TurnTemplate(bos: nil) { turns, asks in
        turns.contains { $0.role == "system" } ? nil : Self.chatML(turns, asks)
      })
    #expect(template.system == nil)
  }

  @Test("rules without a turn of their own stand in the first question")
  func systemInUser() throws {
    let template = try #require(
      TurnTemplate(bos: nil) { turns, asks in
        let rules = turns.first?.role == "system" ? turns[0].content + "\n\n" : ""
        var text = ""
        for turn in turns.drop(while: { $0.role == "system" }) {
          text += turn.role == "user" ? "[Q]" + (text.isEmpty ? rules : "") : "[A]"
          text += turn.content
        }
        return text + (asks ? "[A]" : "")
      })
    #expect(template.system == nil)
    #expect(template.systemInUser == TurnTemplate.Frame(before: "", after: "\n\n"))
    #expect(
      Modelfile(from: "m", template: template, stops: [], contextLength: 1).text.contains(
        "[Q]{{ if eq $i 1 }}{{ if eq (index $.Messages 0).Role \"system\" }}"
          + "{{ (index $.Messages 0).Content }}\n\n{{ end }}{{ end }}{{ .Content }}"))
  }

  @Test(
    "settings of generation_config.json and the license are told, tools are said to be left out")
  func settings() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "model/generation_config.json",
      #"{"do_sample": true, "temperature": 0.7, "top_k": 20, "repetition_penalty": 1.05}"#)
    try folder.write("model/LICENSE", "Be kind.")
    var file = Modelfile(
      from: "m", template: TurnTemplate(bos: nil, render: Self.chatML), stops: [],
      contextLength: 8)
    file.leavesOutTools = true
    try file.complete(from: [FileTree(folder: folder.path + "/model")])
    #expect(file.text.contains("\n# The template tells conversations; "))
    #expect(
      file.text.hasSuffix(
        #"""
        PARAMETER num_ctx 8
        PARAMETER temperature 0.7
        PARAMETER top_k 20
        PARAMETER repeat_penalty 1.05
        LICENSE """Be kind."""

        """#))
    try folder.write("greedy/generation_config.json", #"{"do_sample": false, "temperature": 1.0}"#)
    var greedy = Modelfile(from: "m", template: nil, stops: [], contextLength: 8)
    try greedy.complete(from: [FileTree(folder: folder.path + "/greedy")])
    #expect(greedy.text == "FROM ./m\nPARAMETER num_ctx 8\nPARAMETER temperature 0\n")
  }

  @Test("a template of another shape is not told")
  func otherShape() {
    #expect(
      TurnTemplate(bos: nil) { turns, asks in "\(turns.count)" + Self.chatML(turns, asks) } == nil)
    #expect(TurnTemplate(bos: nil) { _, _ in nil } == nil)
    let braces = TurnTemplate(bos: nil) { turns, asks in
      turns.map { "{{\($0.role)}} \($0.content)\n" }.joined() + (asks ? "{{assistant}} " : "")
    }
    let file = Modelfile(from: "m", template: braces, stops: [], contextLength: 1)
    #expect(braces != nil && !file.canTellTemplate)
    #expect(file.text == "FROM ./m\nPARAMETER num_ctx 1\n")
  }
}
