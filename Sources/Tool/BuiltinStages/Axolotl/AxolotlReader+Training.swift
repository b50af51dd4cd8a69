internal import Diagnostics
internal import Documents

extension AxolotlReader {
  /// Keys whose names or values are other here.
  mutating func readTraining() {
    readBatch()
    readOptimizer()
    readPrecision()
    readCadence("eval_steps", "evals_per_epoch")
    readCadence("save_steps", "saves_per_epoch")
    readStrategies()
    readWarmup()
    readPreferences()
    readTrackers()
  }

  private mutating func readBatch() {
    if text("micro_batch_size") == nil { preset("micro_batch_size", "1") }
    guard let batch = take("batch_size") else { return }
    let micro = document["micro_batch_size"].flatMap(CoreSchema.integer) ?? 1
    guard document["gradient_accumulation_steps"].map({ $0.isNull }) ?? true,
      let total = CoreSchema.integer(batch), micro > 0, total >= micro, total % micro == 0
    else {
      return settle(
        "batch_size", .notNeeded, "gradient_accumulation_steps times micro_batch_size is used")
    }
    carry(
      "batch_size", as: "gradient_accumulation_steps", "\(total / micro)", .changed,
      "the steps that make a batch of \(total)")
  }

  private mutating func readOptimizer() {
    if let node = take("optimizer"), let name = node.scalar?.text {
      if let same = AxolotlKeys.optimizers[name] {
        carry(
          "optimizer", same, same == name ? .carried : .changed,
          same == name ? nil : AxolotlKeys.optimizerNotes[name] ?? "the same formula")
      } else {
        settle(
          "optimizer", .notSupported,
          "'\(SafeText.escaped(name, limit: 40))' is not known, adamw_torch is used; known: "
            + "adamw_torch, adamw_8bit, paged_adamw_32bit, paged_adamw_8bit, sgd")
      }
    }
    if let node = take("lr_scheduler"), let name = node.scalar?.text {
      if AxolotlKeys.schedules.contains(name) {
        carry("lr_scheduler", name)
      } else {
        settle(
          "lr_scheduler", .notSupported,
          "'\(SafeText.escaped(name, limit: 40))' is not known, cosine is used; known: "
            + AxolotlKeys.schedules.joined(separator: ", "))
      }
    }
    // Axolotl's old name.
    if let epsilon = take("adam_eps") {
      carry("adam_eps", as: "adam_epsilon", AxolotlPipelineText.flow(epsilon))
    }
  }

  private mutating func readPrecision() {
    for key in ["bf16", "bfloat16"] {
      guard let node = take(key) else { continue }
      guard stageParameters.contains("bf16") else {
        settle(key, .notNeeded, "this stage trains in float32")
        continue
      }
      let value = node.scalar?.text == "auto" ? "auto" : flag(key) ? "true" : "false"
      if key == "bf16" {
        carry("bf16", value)
      } else if value == "true", document["bf16"] == nil {
        carry("bfloat16", as: "bf16", "true", .changed, "what learns stays float32")
      } else {
        settle(key, .empty, "bf16 says it already")
      }
    }
    for key in ["fp16", "float16"] where document[key] != nil {
      guard take(key) != nil else { continue }
      settle(
        key, flag(key) ? .notSupported : .empty,
        flag(key) ? "16-bit floats overflow in training; set 'bf16: true'" : "it is off")
    }
    guard let node = take("gradient_checkpointing"),
      stageParameters.contains(
        "gradient_checkpointing")
    else { return }
    let isFlag = (CoreSchema.bool(node) ?? Self.yamlFlag(node)) != nil
    if isFlag {
      carry("gradient_checkpointing", flag("gradient_checkpointing") ? "true" : "false")
    } else {
      let isOffload = node.scalar?.text == "offload"
      carry(
        "gradient_checkpointing", isOffload ? "offload" : "true",
        isOffload ? .carried : .changed,
        isOffload ? nil : "all layers are computed again; 'offload' is what there is besides")
    }
  }

  /// `eval_steps` and its like: a whole number of steps, or a share of all.
  private mutating func readCadence(_ steps: String, _ perEpoch: String) {
    if let node = take(steps) {
      if let count = CoreSchema.integer(node), count >= 1 {
        if document[perEpoch].map({ !$0.isNull }) ?? false {
          settle(steps, .notSupported, "'\(perEpoch)' is there too and is used")
        } else {
          carry(steps, "\(count)")
        }
      } else {
        settle(
          steps, .notSupported,
          "it is \(node.kindName), expected a number of steps; set '\(perEpoch)' for a share")
      }
    }
    guard let node = take(perEpoch) else { return }
    if let count = CoreSchema.integer(node), count >= 1 {
      carry(perEpoch, "\(count)")
    } else {
      settle(
        perEpoch, .changed, "left out: it is \(node.kindName), and the default of the stage holds")
    }
  }

  private mutating func readStrategies() {
    for key in ["eval_strategy", "evaluation_strategy", "save_strategy"] {
      guard let name = take(key)?.scalar?.text else { continue }
      let parameter = key == "save_strategy" ? "saves_per_epoch" : "evals_per_epoch"
      let steps = key == "save_strategy" ? "save_steps" : "eval_steps"
      switch name {
      case "epoch" where !parameters.contains { [parameter, steps].contains($0.key) }:
        carry(key, as: parameter, "1", .changed, "once an epoch")
      case "steps", "epoch": settle(key, .notNeeded, "'\(steps)' or '\(parameter)' say it")
      case "best":
        parameters.append((span(key).line, "load_best_model_at_end", "true"))
        settle(key, .changed, "\(kind).load_best_model_at_end true")
      case "no" where key == "save_strategy", "False", "false":
        settle(key, .notNeeded, "checkpoints only serve 'orchestrate resume'")
      default:
        settle(
          key, .notSupported,
          "it is '\(SafeText.escaped(name, limit: 20))'; leave out the input 'validation' to switch "
            + "evaluation off")
      }
    }
  }

  private mutating func readWarmup() {
    guard let node = take("warmup_steps") else { return }
    if let steps = CoreSchema.integer(node) {
      carry("warmup_steps", "\(steps)")
      if let ratio = take("warmup_ratio") {
        settle(
          "warmup_ratio", .notSupported,
          "'warmup_steps' is there too and is used, not \(ratio.kindName)")
      }
    } else if let share = CoreSchema.number(node), (0..<1).contains(share),
      document["warmup_ratio"].map({ $0.isNull }) ?? true
    {
      carry(
        "warmup_steps", as: "warmup_ratio", AxolotlPipelineText.flow(node), .changed,
        "a share of all steps")
    } else {
      settle("warmup_steps", .notSupported, "it is \(node.kindName), expected a number of steps")
    }
  }

  /// Keys of preference training with other names.
  private mutating func readPreferences() {
    if let beta = take("dpo_beta") {
      if document["rl_beta"].map({ !$0.isNull }) ?? false {
        settle("dpo_beta", .notSupported, "'rl_beta' is there too and is used")
      } else if stageParameters.contains("rl_beta") {
        carry("dpo_beta", as: "rl_beta", AxolotlPipelineText.flow(beta))
      }
    }
    if kind == "orpo", let beta = take("rl_beta"), document["orpo_alpha"] == nil {
      carry("rl_beta", as: "orpo_alpha", AxolotlPipelineText.flow(beta))
    }
    guard let settings = take("trl") else { return }
    for entry in settings.mapping ?? [] {
      let key = "trl.\(entry.name)"
      if entry.name == "beta", stageParameters.contains("rl_beta"), document["rl_beta"] == nil {
        parameters.append((entry.key.span.line, "rl_beta", AxolotlPipelineText.flow(entry.value)))
        note(key, entry.key.span, .carried, "\(kind).rl_beta")
      } else if entry.name.hasPrefix("vllm") || entry.name.hasPrefix("use_vllm")
        || entry.name.hasPrefix("log_completions")
      {
        note(key, entry.key.span, .notNeeded, "generation is part of the program")
      } else {
        note(key, entry.key.span, .notSupported, "the stage '\(kind)' has no such parameter")
      }
    }
    settle("trl", .changed, "its members one by one")
  }

  /// Kernels are not needed, other plugins change the training.
  private mutating func readTrackers() {
    guard let plugins = take("plugins") else { return }
    let names = (plugins.sequence ?? [plugins]).compactMap { $0.scalar?.text }
    let others = names.filter { name in
      !["liger", "cut_cross_entropy", "kernels"].contains { name.lowercased().contains($0) }
    }
    settle(
      "plugins", others.isEmpty ? .notNeeded : .notSupported,
      others.isEmpty
        ? "kernels are part of the program"
        : "plugins are Python: \(others.map { SafeText.escaped($0, limit: 60) }.joined(separator: ", "))"
    )
  }

  // MARK: - Template

  /// The template of a conversation: the file's, else a source's, else what a source's type means.
  mutating func readTemplate() {
    guard stageParameters.contains("chat_template") else { return }
    let jinja = take("chat_template_jinja")
    if let name = take("chat_template")?.scalar?.text {
      template(name, key: "chat_template", jinja: jinja?.scalar?.text)
    } else if let text = jinja?.scalar?.text {
      template("jinja", key: "chat_template_jinja", jinja: text)
    } else if wantsAlpacaTemplate, !parameters.contains(where: { $0.key == "chat_template" }) {
      parameters.append((.max - 1, "chat_template", "jinja"))
      parameters.append(
        (.max, "chat_template_jinja", JSONWriter.compact(.string(Self.alpacaTemplate))))
    }
  }

  /// Sets the template, unless one is set already.
  private mutating func template(_ name: String, key: String, jinja: String?) {
    parameters.removeAll { ["chat_template", "chat_template_jinja"].contains($0.key) }
    let line = span(key).line
    if name == "jinja" {
      guard let jinja, jinja.contains("{") else {
        settle(key, .notSupported, "put the template's text into 'chat_template_jinja'")
        if document["chat_template_jinja"] != nil, !isSettled("chat_template_jinja") {
          settle(
            "chat_template_jinja", .notSupported, "a path is not read; put the template's text here"
          )
        }
        return
      }
      parameters.append((line, "chat_template", "jinja"))
      parameters.append((line, "chat_template_jinja", JSONWriter.compact(.string(jinja))))
      for key in ["chat_template", "chat_template_jinja"] where document[key] != nil {
        if !isSettled(key) { settle(key, .carried, "\(kind).chat_template_jinja") }
      }
      return
    }
    if document["chat_template_jinja"] != nil, !isSettled("chat_template_jinja") {
      settle("chat_template_jinja", .notNeeded, "'chat_template' is not jinja")
    }
    if let builtin = AxolotlKeys.templates[name] {
      carry(
        key, as: "chat_template", builtin, builtin == name ? .carried : .changed,
        builtin == name ? nil : "the same turns")
    } else {
      carry(
        key, as: "chat_template", "tokenizer_default", .changed,
        "the model's own template takes the place of '\(SafeText.escaped(name, limit: 40))'")
    }
  }

  /// Alpaca's prompt for an instruction without input (tatsu-lab/stanford_alpaca, README).
  static let alpacaTemplate = """
    {{ bos_token if bos_token is defined and bos_token else '' }}{% for m in messages %}\
    {% if m.role == 'system' %}{{ m.content }}

    {% elif m.role == 'user' %}{% if loop.first %}Below is an instruction that describes a task. \
    Write a response that appropriately completes the request.

    {% endif %}### Instruction:
    {{ m.content }}

    ### Response:
    {% else %}{{ m.content }}{{ eos_token }}{% endif %}{% endfor %}
    """
}
