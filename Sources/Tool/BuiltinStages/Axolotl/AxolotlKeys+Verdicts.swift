extension AxolotlKeys {
  /// Why a key has no counterpart and none is needed; nil for other keys.
  static func notNeeded(_ key: String) -> String? {
    for (keys, reason) in needless where keys.contains(key) { return reason }
    for (prefix, reason) in needlessPrefixes where key.hasPrefix(prefix) { return reason }
    return nil
  }

  /// What to do about a key with an effect that a pipeline does not have; nil for other keys.
  static func notSupported(_ key: String) -> String? {
    for (keys, reason) in missing where keys.contains(key) { return reason }
    for (prefix, reason) in missingPrefixes where key.hasPrefix(prefix) { return reason }
    return nil
  }

  private static let kernels = "kernels are chosen by the program"
  private static let processes = "one process trains, with all its threads"
  private static let recorded = "every run is recorded: 'orchestrate status', 'orchestrate logs'"

  private static let needless: [(Set<String>, String)] = [
    (
      words(
        """
        flash_attention xformers_attention sdp_attention flex_attention sage_attention
        eager_attention attn_implementation flex_attn_compile_kwargs flash_optimum s2_attention
        fused_attn_kernel gemma4_hybrid_attn_impl large_head_attention sdpa_varlen tf32
        torch_compile torch_compile_backend torch_compile_mode torch_compile_options cut_cross_entropy
        cut_cross_entropy_version chunked_cross_entropy chunked_cross_entropy_num_chunks
        lora_mlp_kernel lora_qkv_kernel lora_o_kernel lora_embedding_kernel tiled_mlp
        tiled_mlp_num_shards tiled_mlp_use_original_mlp use_kernels use_scattermoe use_sonicmoe
        experts_implementation use_onebitllms dsv4_fp4_grouped_mode use_dsv4_kernels
        use_glm_dsa_kernels pretrain_multipack_attn unsloth_cross_entropy_loss unsloth_lora_mlp
        unsloth_lora_qkv unsloth_lora_o unsloth_rms_norm unsloth_rope dpo_use_liger_kernel
        """), kernels
    ),
    (
      words(
        """
        device device_map world_size local_rank max_memory gpu_memory_limit low_cpu_mem_usage
        lora_on_cpu torchdistx_path deepspeed deepcompile fsdp fsdp_config fsdp_version
        fsdp_final_state_dict_type fp32_norms fp32_norm_classes dp_shard_size dp_replicate_size
        sequence_parallel_degree context_parallel_size heads_k_stride ring_attn_func
        tensor_parallel_size expert_parallel_size expert_parallel_num_nvl_bytes
        expert_parallel_token_capacity ddp use_ray ray_run_name ray_num_workers resources_per_worker
        qlora_sharded_model_loading experimental_skip_move_to_device accelerator_config
        auto_find_batch_size
        """), processes
    ),
    (
      words(
        """
        base_model_ignore_patterns model_type type_of_model tokenizer_type tokenizer_use_fast
        tokenizer_legacy tokenizer_save_jinja_files trust_remote_code is_falcon_derived_model
        is_llama_derived_model is_mistral_derived_model is_qwen_derived_model cls_model_config
        revision_of_model processor_kwargs torch_dtype llama4_linearized_experts
        """), "the files of the model's folder tell"
    ),
    (
      words(
        """
        dataset_prepared_path dataset_processes dataset_num_proc dataset_keep_in_memory
        dataset_shard_num dataset_shard_idx num_dataset_shards_to_save dataloader_pin_memory
        dataloader_num_workers dataloader_prefetch_factor remove_unused_columns
        shuffle_before_merging_datasets push_dataset_to_hub hf_use_auth_token streaming
        streaming_multipack_buffer_size pretrain_multipack_buffer_size skip_prepare_dataset
        preprocess_iterable is_preprocess
        """), "rows are prepared by the stages before, and kept"
    ),
    (
      words(
        """
        pad_to_sequence_len pad_to_multiple_of eval_sample_packing sample_packing_group_size
        sample_packing_bin_size sample_packing_sequentially sample_packing_mp_start_method
        sample_packing_eff_est sample_packing_seq_len_multiplier total_num_tokens
        total_supervised_tokens multipack_real_batches batch_flattening eval_batch_size
        dpo_padding_free precompute_ref_log_probs dpo_use_logits_to_keep eot_tokens
        max_packed_sequence_len dataloader_drop_last
        """), "batches are laid out by the stage; the numbers do not depend on it"
    ),
    (
      words(
        """
        resume_from_checkpoint auto_resume_from_checkpoints save_total_limit save_only_model
        save_first_step save_safetensors dynamic_checkpoint
        """),
      "'orchestrate resume' continues a run; checkpoints are kept as long as they are needed"
    ),
    (
      words(
        "activation_offloading layer_offloading selective_checkpointing gradient_checkpointing_kwargs gc_steps gc_collect_steps torch_empty_cache_steps embeddings_skip_upcast peft_autocast_adapter_dtype"
      ),
      "memory is planned before the start; see 'gradient_checkpointing' and 'memory_limit'"
    ),
    (
      words("output_dir"),
      "artifacts are kept by digest; copy one with 'orchestrate artifacts get merged.model --to DIR'"
    ),
    (words("merge_lora"), "the stage 'merged' does it"),
    (
      words(
        "strict debug axolotl_config_path profiler_steps profiler_steps_start include_tokens_per_second include_tkps mean_resizing_embeddings"
      ), "it is about Axolotl's own run"
    ),
    (words("load_in_4bit load_in_8bit lora_target_linear"), "no adapter is trained"),
  ]

  private static let needlessPrefixes: [(String, String)] = [
    ("liger_", kernels), ("flash_attn_", kernels), ("ddp_", processes), ("wandb_", recorded),
    ("use_wandb", recorded), ("mlflow_", recorded), ("use_mlflow", recorded),
    ("hf_mlflow_", recorded), ("comet_", recorded), ("use_comet", recorded),
    ("trackio_", recorded), ("use_trackio", recorded), ("swanlab_", recorded),
    ("use_swanlab", recorded), ("otel_", recorded), ("use_otel", recorded),
    ("use_tensorboard", recorded), ("gradio_", "'orchestrate generate' shows answers"),
    ("vllm", "generation is part of the program"),
  ]

  private static let missing: [(Set<String>, String)] = [
    (
      words("special_tokens"),
      "set them in tokenizer_config.json of the model's folder; padding needs no token here"
    ),
    (
      words(
        "tokens added_tokens_overrides resize_token_embeddings_to_32x shrink_embeddings tokenizer_use_mistral_common fix_untrained_tokens peft_trainable_token_indices"
      ),
      "the vocabulary stays as it is; add tokens to the model's folder first"
    ),
    (
      words("neftune_noise_alpha noisy_embedding_alpha"), "training goes without noise"
    ),
    (words("unfrozen_parameters"), "all weights learn, or an adapter: see 'lora_modules_to_save'"),
    (words("group_by_length"), "rows keep their shuffled order; see 'sample_packing'"),
    (words("hub_model_id hub_strategy hub_revision"), "nothing is uploaded"),
    (
      words(
        "qat quantization llmcompressor quantize_moe_experts fp8 fp8_enable_fsdp_float8_all_gather nvfp4_merge_aware bfloat16_sr"
      ), "weights are quantized by the stage 'gguf_export'"
    ),
    (
      words(
        "gptq gptq_groupsize gptq_model_v1 gptq_disable_exllama model_quantization_config model_quantization_config_kwargs"
      ), "use the model in its original precision"
    ),
    (
      words("overrides_of_model_config model_config rope_scaling"),
      "change config.json of the model's folder"
    ),
    (words("default_system_message"), "put the system turn into the rows, or into the template"),
    (words("chat_template_kwargs"), "set the variables in the template: chat_template: jinja"),
    (
      words(
        "lr_scheduler_kwargs lr_quadratic_warmup cosine_constant_lr_ratio lr_div_factor lr_groups eta_min"
      ), "see 'cosine_min_lr_ratio' and 'embedding_lr'"
    ),
    (
      words("optim_args optim_target_modules adam_epsilon2 adam_beta3"),
      "see 'adam_beta1', 'adam_beta2' and 'adam_epsilon'"
    ),
    (words("lora_fan_in_fan_out"), "weights are [out, in] in the families that are known"),
    (words("lora_target_parameters"), "name modules: 'lora_target_modules'"),
    (
      words(
        "peft loftq_config peft_init_lora_weights peft_layer_replication peft_ensure_weight_tying"),
      "adapters begin as in the paper: A at random, B zero"
    ),
    (
      words("max_prompt_len min_sample_len eval_sequence_len"),
      "rows have one limit: 'sequence_len'"
    ),
    (
      words("metric_for_best_model greater_is_better"),
      "the best weights are those of the lowest eval_loss"
    ),
    (
      words(
        "do_bench_eval do_causal_lm_eval eval_causal_lm_metrics bench_dataset bench_split eval_table_size eval_max_new_tokens generate_samples dpo_generate_during_eval"
      ), "measure in a stage 'eval_gate'"
    ),
    (words("rpo_alpha"), "add a likelihood: dpo_loss_type: [sigmoid, sft]"),
    (words("dpo_use_weighting dpo_norm_loss"), "see 'dpo_loss_type'"),
    (words("shuffle_merged_datasets"), "rows are shuffled each epoch, as Axolotl does by default"),
    (words("curriculum_sampling"), "rows are shuffled each epoch"),
    (words("trainer_cls"), "no Python is run"),
    (
      words("freeze_mm_modules image_size image_resize_algorithm role_boundaries"),
      "rows are texts here"
    ),
    (words("num_labels"), "a reward model has one score"),
    (
      words("reinit_weights"),
      "the stage 'pretrain' starts from random weights where the model is a tokenizer"
    ),
    (words("merge_method"), "'merged' adds B A to the weights in float32"),
    (words("ebft diffusion use_eaft scaling_softmax"), "the objective is not known here"),
  ]

  private static let missingPrefixes: [(String, String)] = [
    ("relora", "adapters are trained once; merge and train again with 'merge_first'"),
    ("jagged_restart", "adapters are trained once; merge and train again with 'merge_first'"),
    ("lisa_", "all layers learn, or an adapter: see 'peft_layers_to_transform'"),
    ("qgalore_", "see 'optimizer'"), ("dion_", "see 'optimizer'"),
    ("eaft_", "the objective is not known here"),
    ("use_pose", "set 'sequence_len'"), ("pose_", "set 'sequence_len'"),
    ("scaling_softmax", "attention is the model's own"),
    ("generation_", "'orchestrate generate' shows answers"),
    ("num_generation_samples", "'orchestrate generate' shows answers"),
    ("kd_", "see the stage 'distill'"),
  ]

  /// Keys of Axolotl beyond those with a verdict of their own.
  static let known = needless.reduce(
    into: missing.reduce(into: Set<String>()) { $0.formUnion($1.0) }
  ) {
    $0.formUnion($1.0)
  }.union(
    words(
      """
      adam_eps adapter base_model base_model_config batch_size bf16 bfloat16 bnb_config_kwargs
      chat_template chat_template_jinja comet_api_key dataset_exact_deduplication datasets dpo_beta
      eval_steps eval_strategy evals_per_epoch evaluation_strategy float16 float32 fp16
      lora_alpha_pattern lora_model_dir lora_rank_pattern lora_target_modules lr_scheduler mlflow_run_name
      optimizer plugins pretraining_dataset pretraining_sample_concatenation process_reward_model
      processor_type relora reward_model rl save_steps save_strategy saves_per_epoch test_datasets
      tokenizer_config trl use_wandb val_set_size wandb_entity wandb_log_model wandb_mode wandb_name
      wandb_project wandb_run_id wandb_watch warmup_steps liger_rope liger_rms_norm
      liger_fused_linear_cross_entropy liger_glu_activation
      """))
}
