package import Diagnostics
internal import Documents
internal import Evaluation
internal import Records
package import StageKit

/// Makes preference rows of a model's own answers.
package struct PreferencePairs: Stage {
  package static let kind: StageKind = "preference_pairs"
  package static let version = 1
  package static let summary =
    "Samples answers to prompts, ranks them by verifiers, a judge or a reward model, and makes "
    + "preference rows."

  package typealias Parameters = PreferencePairsParameters

  package static func ports(for parameters: Parameters) -> Ports {
    var inputs = [Port("prompts", .records, help: "Prompts, with the columns verifiers read.")]
    if parameters.endpoint.settings == nil {
      inputs.append(Port("model", .model, help: "The model that answers."))
    }
    if parameters.ranking == .judge, parameters.judge.settings == nil {
      inputs.append(Port("judge", .model, help: "The model that grades answers."))
    }
    if parameters.ranking == .rewardModel {
      inputs.append(Port("reward", .model, help: "A reward model."))
    }
    return Ports(
      inputs: inputs,
      outputs: [
        Port("pairs", .records, help: "Preference rows with 'margin', marked as synthetic."),
        Port("report", .report, help: "Pairs, prompts without one and why, cost."),
        Port("ledger", .files, help: "ledger.json: answers of the endpoints, tokens, cost."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  {
    parameters.endpoint.preflight() + parameters.judge.preflight()
      + RowPrompt.preflight("prompts", inputs)
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let (prompts, unfit) = try RowPrompt.readForTraining(
      "prompts", context.input("prompts").tree)
    let (asked, samples) = try sample(prompts, parameters, context)
    defer { asked.tell(context) }

    // Every answer of a prompt, then the row's own where that is to be chosen.
    var answers: [AnswerRanker.Answer] = []
    var places: [[(sample: Int?, index: Int)]] = []
    for index in prompts.indices {
      var own: [(sample: Int?, index: Int)] = []
      for (sample, answer) in samples[index].enumerated() where !answer.isRefused {
        own.append((sample, answers.count))
        answers.append(AnswerRanker.Answer(prompt: index, text: answer.text))
      }
      if parameters.chosen == .row, let answer = prompts[index].answer {
        own.append((nil, answers.count))
        answers.append(AnswerRanker.Answer(prompt: index, text: answer))
      }
      places.append(own)
    }
    let ranked = try AnswerRanker(parameters: parameters, prompts: prompts, context: context)
      .rank(answers)
    defer { ranked.judge?.tell(context) }
    let plans = places.map { own -> PairPlan in
      let all = own.map {
        PairPlan.Answer(
          sample: $0.sample, text: answers[$0.index].text, score: ranked.scores[$0.index])
      }
      return PairPlan(
        all.filter { $0.sample != nil }, own: all.first { $0.sample == nil },
        takesOwn: parameters.chosen == .row, pairing: parameters.pairing,
        marginMin: parameters.marginMin)
    }
    let rows = try write(prompts, plans, asked, ranked, parameters, context)
    let report = PairsReport(
      prompts: prompts.count, unfit: unfit, plans: plans, ranking: parameters.ranking.rawValue,
      asked: asked, judge: ranked.judge)
    try report.write(context)
    if rows == 0 { throw report.nothing }
    return .succeeded
  }

  private func sample(
    _ prompts: [RowPrompt], _ parameters: Parameters, _ context: StageContext
  ) throws -> (AskedModel, [[TextAnswer]]) {
    let asked = try AskedModel.make(
      parameters.endpoint, port: "model", device: parameters.device, context)
    let count = parameters.sampling.samples
    let answers = try asked.model.answers(
      to: parameters.sampling.requests(prompts.map(\.turns))
    ) { done in
      context.progress(done, of: prompts.count * count, "answers")
      try context.checkCancelled()
    }
    return (asked, prompts.indices.map { Array(answers[$0 * count..<($0 + 1) * count]) })
  }

  private func write(
    _ prompts: [RowPrompt], _ plans: [PairPlan], _ asked: AskedModel,
    _ ranked: AnswerRanker.Ranked, _ parameters: Parameters, _ context: StageContext
  ) throws -> Int {
    var rows = try MadeRows(context.output("pairs"))
    for (prompt, plan) in zip(prompts, plans) {
      for pair in plan.pairs {
        let own =
          prompt.fields.filter { $0.key != "margin" } + [
            JSONMember("margin", .number(pair.margin))
          ]
        try rows.append(
          .preference(
            prompt: prompt.turns, chosen: [Message(.assistant, pair.chosen.text)],
            rejected: [Message(.assistant, pair.rejected.text)]),
          Provenance.fields(
            own, model: asked.model.identity,
            turns: parameters.sampling.turns(prompt.turns), seed: prompt.row,
            [
              "ranked_by": ranked.by,
              "chosen_sample": pair.chosen.sample.map { .integer(Int64($0)) } ?? "row",
              "rejected_sample": pair.rejected.sample.map { .integer(Int64($0)) } ?? "row",
              "chosen_score": .number(pair.chosen.score ?? 0),
              "rejected_score": .number(pair.rejected.score ?? 0),
            ]))
      }
    }
    try rows.finish()
    return rows.count
  }
}
