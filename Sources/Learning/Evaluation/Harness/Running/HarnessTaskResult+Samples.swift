package import Documents

extension HarnessTaskResult {
  /// Lines of `samples_TASK.jsonl`: filter by filter, document by document. They hold the documents
  /// and all that was asked and answered.
  package var samples: [JSONValue] {
    let filters = task.configuration.filters
    let width = task.configuration.metrics.count
    return filters.indices.flatMap { filter in
      task.entries.indices.map { item in
        let entry = task.entries[item]
        var members = [
          JSONMember("doc_id", .integer(Int64(item))), JSONMember("doc", entry.document),
          JSONMember("target", entry.target),
          JSONMember("arguments", .array(entry.requests.map(\.json))),
          JSONMember("resps", .array(answers[item].map(Self.json))),
          JSONMember("filtered_resps", .array(filtered(item, filters[filter]))),
          JSONMember("filter", .string(filters[filter].name)),
          JSONMember(
            "metrics", .array(task.configuration.metrics.map { .string($0.name) })),
        ]
        for (index, metric) in task.configuration.metrics.enumerated() {
          members.append(
            JSONMember(metric.name, Self.json(items[item][filter * width + index])))
        }
        return .object(members)
      }
    }
  }

  private func filtered(_ item: Int, _ filter: HarnessFilterList) -> [JSONValue] {
    answers[item].map { answer in
      guard case .completion = answer else { return Self.first(answer) }
      return filter.answer(of: HarnessTask.texts(answer)).map { .string($0) } ?? .null
    }
  }

  /// All answers to a request.
  private static func json(_ answer: ModelAnswer) -> JSONValue {
    if case .completion = answer {
      return .array(HarnessTask.texts(answer).map { .string($0) })
    }
    return .array([first(answer)])
  }

  private static func first(_ answer: ModelAnswer) -> JSONValue {
    switch answer {
    case .continuation(let measure):
      .array([HarnessResults.number(measure.logProbability), .bool(measure.isGreedy)])
    case .likelihood(let likelihood): HarnessResults.number(likelihood.logProbability)
    case .completion(let answers): answers.first.map { .string($0.text) } ?? .null
    case .preference: .null
    }
  }

  private static func json(_ value: ItemValue) -> JSONValue {
    switch value {
    case .right(let isRight): .number(isRight ? 1 : 0)
    case .number(let number): HarnessResults.number(number)
    case .sums(let terms): .array(terms.map(HarnessResults.number))
    }
  }
}
