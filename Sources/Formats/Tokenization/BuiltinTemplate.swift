internal import Diagnostics

/// Chat templates known by name, for models that come without one.
package enum BuiltinTemplate: String, Sendable, CaseIterable {
  case chatml
  case llama3
  case mistral
  case gemma
  case phi3
  case zephyr

  /// The Jinja source; written for this project after the models' documented formats.
  package var source: String {
    switch self {
    case .chatml:
      """
      {%- if bos_token is defined %}{{- bos_token }}{%- endif %}
      {%- for message in messages %}
          {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
      """
    case .llama3:
      """
      {{- bos_token }}
      {%- for message in messages %}
          {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
          {{- message['content'] | trim + '<|eot_id|>' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
          {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
      {%- endif %}
      """
    case .mistral:
      """
      {{- bos_token }}
      {%- set ns = namespace(system='') %}
      {%- for message in messages %}
          {%- if message['role'] == 'system' %}
              {%- set ns.system = message['content'] + '\\n\\n' %}
          {%- elif message['role'] == 'user' %}
              {{- '[INST] ' + ns.system + message['content'] + ' [/INST]' }}
              {%- set ns.system = '' %}
          {%- elif message['role'] == 'assistant' %}
              {{- ' ' + message['content'] + eos_token }}
          {%- else %}
              {{- raise_exception('the role ' + message['role'] + ' is not known to this template') }}
          {%- endif %}
      {%- endfor %}
      """
    case .gemma:
      """
      {{- bos_token }}
      {%- set ns = namespace(system='') %}
      {%- for message in messages %}
          {%- if message['role'] == 'system' %}
              {%- set ns.system = message['content'] | trim + '\\n\\n' %}
          {%- else %}
              {%- set role = 'model' if message['role'] == 'assistant' else message['role'] %}
              {{- '<start_of_turn>' + role + '\\n' + ns.system + message['content'] | trim }}
              {{- '<end_of_turn>\\n' }}
              {%- set ns.system = '' %}
          {%- endif %}
      {%- endfor %}
      {%- if add_generation_prompt %}{{- '<start_of_turn>model\\n' }}{%- endif %}
      """
    case .phi3:
      """
      {%- for message in messages %}
          {{- '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{%- endif %}
      """
    case .zephyr:
      """
      {%- for message in messages %}
          {{- '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{%- endif %}
      """
    }
  }

  /// Control tokens that the template writes itself and a new tokenizer must have.
  package var controlTokens: [String] {
    switch self {
    case .chatml: ["<|im_start|>", "<|im_end|>"]
    case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    case .mistral: []
    case .gemma: ["<start_of_turn>", "<end_of_turn>"]
    case .phi3: ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    case .zephyr: ["<|system|>", "<|user|>", "<|assistant|>"]
    }
  }

  /// The token that ends a turn and so should be the model's EOS; nil where EOS itself does.
  package var endOfTurn: String? {
    switch self {
    case .chatml: "<|im_end|>"
    case .llama3: "<|eot_id|>"
    case .gemma: "<end_of_turn>"
    case .phi3: "<|end|>"
    case .mistral, .zephyr: nil
    }
  }

  /// What `chat_template:` of a stage says: a name of this list, or Jinja source.
  ///
  /// - Throws: ``Failure`` for a name that is not known, with the nearest one.
  package static func template(_ nameOrSource: String) throws -> ChatTemplate {
    if let known = BuiltinTemplate(rawValue: nameOrSource) {
      return try ChatTemplate(source: known.source, file: known.rawValue)
    }
    guard nameOrSource.contains("{") else {
      let names = allCases.map(\.rawValue)
      let nearest = NearestName.suggestion(for: nameOrSource, among: names)
      throw Diagnostic(
        "template.unknown-name",
        "no chat template is named '\(SafeText.escaped(nameOrSource))'",
        fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
          + "known are \(names.joined(separator: ", ")); or give the Jinja source"
      ).failure(.badInput)
    }
    return try ChatTemplate(source: nameOrSource, file: "chat_template")
  }
}
