import Tensors
import Tokenization

/// A text as it grows, in one slot of the cache.
struct TextInProgress {
  /// Its index among the prompts.
  let prompt: Int
  let slot: Int
  private let sampler: Sampler
  private let settings: SamplingSettings
  private let limit: Int

  private(set) var ids: [Int32] = []
  private(set) var finish: Generated.Finish?
  private var stopTokenID: Int32?
  private var gaps: [Float] = []
  private var logits: [[Float]] = []
  private var text: [UInt8] = []
  private var isCut = false
  private var decoder: StreamingDecoder
  private let stops: [[UInt8]]
  private var steering: JSONSteering?

  /// - Parameters:
  ///   - after: the prompt's ids: a text goes on where they end, its leading space included.
  ///   - limit: how many tokens it may grow by.
  init(
    prompt: Int, after: [Int32], slot: Int, sampler: Sampler, settings: SamplingSettings,
    limit: Int, tokenizer: Tokenizer, steering: JSONSteering? = nil
  ) {
    self.prompt = prompt
    self.slot = slot
    self.sampler = sampler
    self.settings = settings
    self.limit = limit
    self.steering = steering
    decoder = StreamingDecoder(tokenizer, skipSpecialTokens: true)
    for id in after { _ = decoder.append(id) }
    stops = settings.stopStrings.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// What the next token is drawn by.
  var draw: TokenDraw { sampler.draw(position: ids.count) }

  /// Whether the host looks at the logits: some tokens are forbidden, or they are kept.
  var needsLogits: Bool { steering != nil || settings.keepsLogits }

  /// The next token by the logits; nil where they are not finite.
  func choice(_ logits: UnsafeBufferPointer<Float>) -> TokenChoice? {
    guard let steering else { return draw.choose(logits) }
    var allowed = Array(logits)
    steering.mask(
      &allowed, room: limit - ids.count, stops: settings.stopTokenIDs)
    return allowed.withUnsafeBufferPointer { draw.choose($0) }
  }

  /// Keeps the logits that a token was chosen by, where that is asked for.
  mutating func keep(_ logits: UnsafeBufferPointer<Float>) {
    if settings.keepsLogits { self.logits.append(Array(logits)) }
  }

  mutating func append(_ choice: TokenChoice) {
    gaps.append(choice.gap)
    if settings.stopTokenIDs.contains(choice.id) {
      finish = .stop
      stopTokenID = choice.id
      return
    }
    ids.append(choice.id)
    steering?.append(choice.id)
    let before = text.count
    text += Array(decoder.append(choice.id).utf8)
    if let end = firstStop(after: before) {
      text.removeSubrange(end...)
      isCut = true
      finish = .stop
    } else if steering?.isFinished == true {
      finish = .stop
    } else if ids.count >= limit {
      finish = .length
    }
  }

  /// Where the first stop string begins, if the bytes since `before` completed one.
  private func firstStop(after before: Int) -> Int? {
    stops.compactMap { stop in
      var start = max(0, before - stop.count + 1)
      while start + stop.count <= text.count {
        if text[start..<start + stop.count].elementsEqual(stop) { return start }
        start += 1
      }
      return nil
    }.min()
  }

  /// The result, once there is a finish.
  mutating func result() -> Generated {
    if !isCut { text += Array(decoder.finish().utf8) }
    var result = Generated(
      ids: ids, text: String(decoding: text, as: UTF8.self), finish: finish ?? .length,
      topGaps: gaps, stopTokenID: stopTokenID)
    result.logits = logits
    return result
  }
}
