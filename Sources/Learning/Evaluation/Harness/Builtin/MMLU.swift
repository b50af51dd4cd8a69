internal import Documents

/// Questions of 57 subjects (Hendrycks et al. 2021), each a task, in four groups and one of all.
enum MMLU {
  static let tasks: [HarnessConfiguration] = areas.flatMap { area in
    subjects(area.subjects).map(task)
  }

  static let groups: [HarnessGroup] =
    [group("mmlu", alias: nil, areas.map { "mmlu_\($0.name)" })]
    + areas.map { area in
      group("mmlu_\(area.name)", alias: area.alias, subjects(area.subjects).map { "mmlu_\($0)" })
    }

  private static func group(_ name: String, alias: String?, _ members: [String]) -> HarnessGroup {
    var group = HarnessGroup(name: name, members: members)
    group.alias = alias
    group.version = .integer(2)
    group.metrics = [HarnessGroup.Aggregate(metric: "acc")]
    return group
  }

  private static func task(_ subject: String) -> HarnessConfiguration {
    var task = HarnessConfiguration.builtin(
      "mmlu_\(subject)", .multipleChoice, "cais/mmlu", subject, training: nil, validation: nil,
      test: "test", fields: ["question", "choices", "answer"])
    task.alias = subject
    task.dataset.selection = ("subject", subject)
    task.process = numbered
    task.description = .builtin(
      "The following are multiple choice questions (with answers) about "
        + PythonText.replacing(subject, "_", " ") + ".\n\n")
    task.text = .builtin(
      "{{question.strip()}}\nA. {{choices[0]}}\nB. {{choices[1]}}\nC. {{choices[2]}}\n"
        + "D. {{choices[3]}}\nAnswer:")
    task.choices = .builtin(["A", "B", "C", "D"])
    task.target = .builtin("answer")
    task.examples.split = "dev"
    task.examples.sampler = .first
    task.measure("acc")
    return task
  }

  /// `answer` as a number, where a file has a letter.
  private static func numbered(_ document: JSONValue) throws -> JSONValue {
    guard let letter = document["answer"]?.stringValue else { return document }
    guard let index = ["A", "B", "C", "D"].firstIndex(of: letter) else {
      throw MissingField("answer")
    }
    return document.with([JSONMember("answer", .integer(Int64(index)))])
  }

  private static func subjects(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  private static let areas: [(name: String, alias: String, subjects: String)] = [
    (
      "stem", "stem",
      """
      abstract_algebra anatomy astronomy college_biology college_chemistry
      college_computer_science college_mathematics college_physics computer_security
      conceptual_physics electrical_engineering elementary_mathematics high_school_biology
      high_school_chemistry high_school_computer_science high_school_mathematics
      high_school_physics high_school_statistics machine_learning
      """
    ),
    (
      "other", "other",
      """
      business_ethics clinical_knowledge college_medicine global_facts human_aging management
      marketing medical_genetics miscellaneous nutrition professional_accounting
      professional_medicine virology
      """
    ),
    (
      "social_sciences", "social sciences",
      """
      econometrics high_school_geography high_school_government_and_politics
      high_school_macroeconomics high_school_microeconomics high_school_psychology human_sexuality
      professional_psychology public_relations security_studies sociology us_foreign_policy
      """
    ),
    (
      "humanities", "humanities",
      """
      formal_logic high_school_european_history high_school_us_history high_school_world_history
      international_law jurisprudence logical_fallacies moral_disputes moral_scenarios philosophy
      prehistory professional_law world_religions
      """
    ),
  ]
}
