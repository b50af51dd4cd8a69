import Documents
import Evaluation
import Records
import Synchronization

/// A text model that answers by a function and remembers what it was asked.
final class FakeTextModel: TextModel {
  let name = "fake"
  let identity: JSONValue = ["model": "fake"]
  private(set) var asked: [TextRequest] = []
  private let answer: (TextRequest) -> TextAnswer

  init(_ answer: @escaping (TextRequest) -> TextAnswer) { self.answer = answer }

  convenience init(replying reply: @escaping (String) -> String) {
    self.init { TextAnswer(reply($0.turns.last?.content ?? "")) }
  }

  func answers(to requests: [TextRequest], progress: (Int) throws -> Void) throws -> [TextAnswer] {
    asked += requests
    try progress(requests.count)
    return requests.map(answer)
  }
}
