package import Documents
package import Endpoints
internal import Records

/// A text model behind an OpenAI-compatible endpoint.
package struct EndpointTextModel: TextModel {
  package let client: EndpointClient

  package init(_ client: EndpointClient) { self.client = client }

  package var name: String { client.settings.model }
  package var identity: JSONValue {
    .object([
      "model": .string(client.settings.model), "endpoint": .string(client.settings.address.base),
    ])
  }

  package func answers(to requests: [TextRequest], progress: (Int) throws -> Void) throws
    -> [TextAnswer]
  {
    let asked = requests.map { request in
      ChatRequest(
        request.turns.map { ChatMessage($0.role.rawValue, $0.content) },
        maxTokens: request.settings.maxNewTokens, temperature: request.settings.temperature,
        topP: request.settings.topP, stops: request.settings.stops, sample: request.sample)
    }
    return try client.answers(to: asked, progress: progress).map {
      TextAnswer($0.text, ended: $0.finish == .stop, isRefused: $0.finish == .refused)
    }
  }
}
