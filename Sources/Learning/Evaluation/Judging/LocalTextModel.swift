package import Documents
internal import Records

/// A text model of this process: anything that answers ``ModelRequest/completion(_:_:)``.
package struct LocalTextModel: TextModel {
  package let name: String
  package let identity: JSONValue
  private let model: any RequestModel

  /// - Parameter identity: what tells it from other models, such as the digest of its artifact.
  package init(_ model: any RequestModel, name: String, identity: JSONValue) {
    self.model = model
    self.name = name
    self.identity = identity
  }

  /// Requests for several samples of the same turns with the same settings, one after the other,
  /// become one request of the model.
  package func answers(to requests: [TextRequest], progress: (Int) throws -> Void) throws
    -> [TextAnswer]
  {
    var groups: [(first: Int, count: Int)] = []
    for index in requests.indices {
      if let last = groups.last, requests[index].turns == requests[last.first].turns,
        requests[index].settings == requests[last.first].settings,
        requests[index].sample == last.count, requests[last.first].sample == 0
      {
        groups[groups.count - 1].count += 1
      } else {
        groups.append((index, 1))
      }
    }
    let asked = groups.map { group -> ModelRequest in
      let request = requests[group.first]
      return .completion(
        .conversation(request.turns, tools: nil), settings(request, samples: group.count))
    }
    var done = 0
    let answers = try model.answers(to: asked) { count in
      done = groups.prefix(count).reduce(0) { $0 + $1.count }
      try progress(done)
    }
    return answers.flatMap { answer -> [TextAnswer] in
      guard case .completion(let texts) = answer else {
        preconditionFailure("a completion was asked for")
      }
      return texts.map { TextAnswer($0.text, ended: $0.ended) }
    }
  }

  private func settings(_ request: TextRequest, samples: Int) -> CompletionSettings {
    CompletionSettings(
      maxNewTokens: request.settings.maxNewTokens, stops: request.settings.stops,
      temperature: request.settings.temperature, topP: request.settings.topP,
      // A single sample that is not the first must be another draw.
      seed: request.settings.seed &+ (samples == 1 ? UInt64(request.sample) << 32 : 0),
      samples: samples)
  }
}
