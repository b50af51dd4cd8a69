package import Documents
package import Records

/// A model that writes texts: a judge, a teacher, a candidate; behind an endpoint or in this process.
///
/// Answers come in the order of the requests, and an answer depends on its request and, where it is
/// drawn, on its sample; never on what else is asked.
package protocol TextModel {
  /// What reports, rows and fingerprints call it: its name, and where it is; never a key.
  var identity: JSONValue { get }
  /// What people call it.
  var name: String { get }

  /// - Parameter progress: called with the number of requests answered so far; may throw to stop.
  /// - Throws: ``Failure`` where no answer comes, `CancellationError` after a stop.
  func answers(to requests: [TextRequest], progress: (Int) throws -> Void) throws -> [TextAnswer]
}

/// What a text model is asked.
package struct TextRequest: Sendable, Hashable {
  /// Turns up to the one that is to be written.
  package var turns: [Message]
  package var settings: TextSettings
  /// Which of several answers to the same turns; 0 for the first.
  package var sample: Int

  package init(_ turns: [Message], _ settings: TextSettings, sample: Int = 0) {
    self.turns = turns
    self.settings = settings
    self.sample = sample
  }
}

/// How a text is written.
package struct TextSettings: Sendable, Hashable {
  package var maxNewTokens: Int
  /// 0: the likeliest.
  package var temperature: Double
  package var topP: Double
  package var stops: [String]
  /// Part of what models of this process draw by.
  package var seed: UInt64

  package init(
    maxNewTokens: Int = 256, temperature: Double = 0, topP: Double = 1, stops: [String] = [],
    seed: UInt64 = 0
  ) {
    self.maxNewTokens = maxNewTokens
    self.temperature = temperature
    self.topP = topP
    self.stops = stops
    self.seed = seed
  }
}

/// What a text model wrote.
package struct TextAnswer: Sendable, Hashable {
  package var text: String
  /// Whether the model ended it, not the room it had.
  package var ended: Bool
  /// Whether an endpoint did not want to answer; the text counts for nothing.
  package var isRefused: Bool

  package init(_ text: String, ended: Bool = true, isRefused: Bool = false) {
    self.text = text
    self.ended = ended
    self.isRefused = isRefused
  }
}
