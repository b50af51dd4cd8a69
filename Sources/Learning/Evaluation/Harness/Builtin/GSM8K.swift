internal import Documents
internal import Patterns

/// Grade school arithmetic in words (Cobbe et al. 2021).
enum GSM8K {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "gsm8k", .generation, "openai/gsm8k", "main", validation: nil, test: "test",
      fields: ["question", "answer"], version: 3)
    task.tags = ["math_word_problems"]
    task.text = .builtin("Question: {{question}}\nAnswer:")
    task.target = .builtin("{{answer}}")
    task.examples.split = "train"
    task.exampleCount = 5
    task.generation = CompletionSettings(stops: ["Question:", "</s>", "<|im_end|>"])
    task.metrics = [exactMatch]
    task.filters = filters(strict: #"#### (\-?[0-9\.\,]+)"#)
    return task
  }()

  static let chainOfThought: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "gsm8k_cot", .generation, "openai/gsm8k", "main", training: nil, validation: nil,
      test: "test", fields: ["question", "answer"], version: 3)
    task.tags = ["chain_of_thought"]
    task.text = .builtin("Q: {{question}}\nA:")
    task.target = .builtin(
      "{{answer.split('####')[-1].strip() if answer is defined else target}}")
    task.examples.sampler = .first
    task.examples.samples = examples.map { question, target in
      ["question": .string(question), "target": .string(target)]
    }
    task.exampleCount = 8
    task.generation = CompletionSettings(stops: ["Q:", "</s>", "<|im_end|>"])
    task.metrics = [exactMatch]
    task.filters = filters(strict: #"The answer is (\-?[0-9\.\,]+)."#)
    return task
  }()

  /// Commas, dollar signs, the way to the answer and a full stop behind it do not count.
  private static let exactMatch: HarnessMetric = {
    let ignored = HarnessExactMatch(
      patternsToIgnore: [",", #"\$"#, "(?s).*#### ", #"\.$"#].map(Pattern.builtin),
      ignoreCase: true)
    guard let metric = HarnessMetric("exact_match", exactMatch: ignored) else {
      preconditionFailure("no metric 'exact_match'")
    }
    return metric
  }()

  private static func filters(strict: String) -> [HarnessFilterList] {
    func list(_ name: String, _ pattern: String, _ select: Int) -> HarnessFilterList {
      HarnessFilterList(
        name, [.regex(.builtin(pattern), select: select, fallback: "[invalid]"), .takeFirst])
    }
    return [
      list("strict-match", strict, 0),
      list("flexible-extract", "(-?[$0-9.,]{2,})|(-?[0-9]+)", -1),
    ]
  }

  /// The eight worked examples of Wei et al. 2022, table 20.
  private static let examples: [(question: String, target: String)] = [
    (
      "There are 15 trees in the grove. Grove workers will plant trees in the grove "
        + "today. After they are done, there will be 21 trees. How many trees did the "
        + "grove workers plant today?",
      "There are 15 trees originally. Then there were 21 trees after some more were "
        + "planted. So there must have been 21 - 15 = 6. The answer is 6."
    ),
    (
      "If there are 3 cars in the parking lot and 2 more cars arrive, how many cars "
        + "are in the parking lot?",
      "There are originally 3 cars. 2 more cars arrive. 3 + 2 = 5. The answer is 5."
    ),
    (
      "Leah had 32 chocolates and her sister had 42. If they ate 35, how many pieces "
        + "do they have left in total?",
      "Originally, Leah had 32 chocolates. Her sister had 42. So in total they had 32 "
        + "+ 42 = 74. After eating 35, they had 74 - 35 = 39. The answer is 39."
    ),
    (
      "Jason had 20 lollipops. He gave Denny some lollipops. Now Jason has 12 "
        + "lollipops. How many lollipops did Jason give to Denny?",
      "Jason started with 20 lollipops. Then he had 12 after giving some to Denny. So "
        + "he gave Denny 20 - 12 = 8. The answer is 8."
    ),
    (
      "Shawn has five toys. For Christmas, he got two toys each from his mom and dad. "
        + "How many toys does he have now?",
      "Shawn started with 5 toys. If he got 2 toys each from his mom and dad, then "
        + "that is 4 more toys. 5 + 4 = 9. The answer is 9."
    ),
    (
      "There were nine computers in the server room. Five more computers were "
        + "installed each day, from monday to thursday. How many computers are now in the "
        + "server room?",
      "There were originally 9 computers. For each of 4 days, 5 more computers were "
        + "added. So 5 * 4 = 20 computers were added. 9 + 20 is 29. The answer is 29."
    ),
    (
      "Michael had 58 golf balls. On tuesday, he lost 23 golf balls. On wednesday, he "
        + "lost 2 more. How many golf balls did he have at the end of wednesday?",
      "Michael started with 58 golf balls. After losing 23 on tuesday, he had 58 - 23 "
        + "= 35. After losing 2 more, he had 35 - 2 = 33 golf balls. The answer is 33."
    ),
    (
      "Olivia has $23. She bought five bagels for $3 each. How much money does she "
        + "have left?",
      "Olivia had 23 dollars. 5 bagels for 3 dollars each will be 5 x 3 = 15 dollars. "
        + "So she has 23 - 15 dollars left. 23 - 15 is 8. The answer is 8."
    ),
  ]
}
