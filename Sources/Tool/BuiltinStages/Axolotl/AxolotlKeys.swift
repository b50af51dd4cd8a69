/// The keys of Axolotl and what becomes of those that no stage has.
///
/// Names are those of Axolotl's configuration schema (commit 067b021c, `utils/schemas`).
enum AxolotlKeys {
  /// Keys that a stage which has a parameter of that name takes as they are.
  static let carried = words(
    """
    adam_beta1 adam_beta2 adam_epsilon bnb_4bit_quant_type bnb_4bit_use_double_quant
    center_rewards_coefficient cosine_min_lr_ratio cpo_alpha dpo_label_smoothing dpo_loss_type
    dpo_loss_weights early_stopping_patience embedding_lr embedding_lr_scale excess_length_strategy
    gradient_accumulation_steps gradient_checkpointing kto_desirable_weight kto_undesirable_weight
    learning_rate load_best_model_at_end load_in_4bit logging_steps lora_alpha lora_dropout
    lora_exclude_modules lora_modules_to_save lora_r loraplus_lr_embedding loraplus_lr_ratio
    loss_watchdog_patience loss_watchdog_threshold max_grad_norm max_steps micro_batch_size
    num_epochs orpo_alpha peft_layers_pattern peft_layers_to_transform peft_use_dora
    peft_use_rslora rl_beta roles_to_train sample_packing seed sequence_len simpo_gamma
    train_on_inputs warmup_ratio weight_decay
    """)

  /// Optimizers by Axolotl's name, with ours.
  static let optimizers = [
    "adamw_torch": "adamw_torch", "adamw_torch_fused": "adamw_torch_fused",
    "adamw_8bit": "adamw_8bit", "adamw_bnb_8bit": "adamw_bnb_8bit",
    "paged_adamw_32bit": "paged_adamw_32bit", "paged_adamw_8bit": "paged_adamw_8bit", "sgd": "sgd",
    "adamw_hf": "adamw_torch", "adamw_apex_fused": "adamw_torch", "adamw_torch_xla": "adamw_torch",
    "optimi_adamw": "adamw_torch", "flash_adamw": "adamw_torch",
    "paged_adamw": "paged_adamw_32bit", "adamw_torch_8bit": "adamw_8bit",
    "ao_adamw_8bit": "adamw_8bit", "adamw_torch_4bit": "adamw_8bit", "ao_adamw_4bit": "adamw_8bit",
    "ao_adamw_fp8": "adamw_8bit",
  ]

  static let optimizerNotes = [
    "adamw_torch_4bit": "moments in 8 bits instead of 4",
    "ao_adamw_4bit": "moments in 8 bits instead of 4",
    "ao_adamw_fp8": "moments in 8 bits of another form",
    "adamw_torch_8bit": "moments in 8 bits of another form",
    "ao_adamw_8bit": "moments in 8 bits of another form",
  ]

  static let schedules = [
    "constant", "constant_with_warmup", "cosine", "cosine_with_min_lr", "cosine_with_restarts",
    "inverse_sqrt", "linear", "polynomial", "warmup_stable_decay",
  ]

  /// Chat templates by Axolotl's name, with ours.
  static let templates = [
    "chatml": "chatml", "llama3": "llama3", "gemma": "gemma", "phi_3": "phi3", "zephyr": "zephyr",
    "mistral_v1": "mistral", "tokenizer_default": "tokenizer_default",
  ]

  // MARK: - Sources

  static let sourceNotNeeded = [
    "preprocess_shards": "rows are streamed", "trust_remote_code": "no code is run",
    "revision": "the file is yours", "skip": "the file is yours",
  ]

  static let sourceNotSupported = [
    "shards": "put the shard's rows into the file",
    "shards_idx": "put the shard's rows into the file",
    "conversation": "set 'chat_template' of the stage that trains",
    "input_format": "the chat template writes rows", "input_transform": "no code is run on rows",
    "field_human": "write the rows as 'chat_template'",
    "field_model": "write the rows as 'chat_template'",
    "field_thinking": "rename the member to the one that the chat template reads",
    "template_thinking_key": "rename the member to the one that the chat template reads",
    "message_field_training": "name the member 'train'",
    "message_field_training_detail": "a turn is trained as a whole",
    "split_thinking": "rename the member to the one that the chat template reads",
    "logprobs_field": "the teacher is asked itself: see the stage 'distill'",
    "temperature": "see 'kd_temperature' of the stage 'distill'",
    "drop_system_message": "take system turns out of the rows",
    "step_separator": "there are reward models of whole answers only",
    "max_completion_length": "set 'sequence_len'",
    "train_on_last_step_only": "there are reward models of whole answers only",
    "weight": "repeat or sample the rows of the file", "length": "there is no synthetic data",
    "sequence_length": "there is no synthetic data",
  ]

  static let sourceKeys =
    Set(sourceNotNeeded.keys).union(sourceNotSupported.keys).union(
      words(
        """
        path split name type data_files ds_type field field_messages field_tools field_chosen
        field_rejected field_system field_instruction field_input field_output field_prompt
        field_completion message_field_role message_field_content message_property_mappings roles
        roles_to_train train_on_eos train_on_eot chat_template chat_template_jinja text_column
        """))

  static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }
}
