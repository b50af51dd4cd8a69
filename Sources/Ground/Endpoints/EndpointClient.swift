internal import Diagnostics
internal import Documents
private import Foundation
internal import Reproducibility
private import Synchronization

/// Asks an OpenAI-compatible endpoint, several requests at once.
///
/// Equal requests are asked once; an answer that is in the cache is not asked for at all. Answers
/// come in the order of the requests.
///
/// ```swift
/// let client = EndpointClient(settings, key: key, cache: cache, ledger: ledger)
/// let answers = try client.answers(to: requests) { done in … }
/// ```
package final class EndpointClient: Sendable {
  /// What happened on the way; nothing of it is part of a result.
  package struct Traffic: Sendable, Hashable {
    /// Answers that came over the network.
    package var answered = 0
    /// Answers that were there already.
    package var cached = 0
    package var retries = 0
  }

  package let settings: EndpointSettings
  package let ledger: CostLedger
  private let key: EndpointKey?
  private let cache: AnswerCache?
  private let isStopped: @Sendable () -> Bool
  private let sender: EndpointSender
  private let counts = Mutex(Traffic())

  /// - Parameters:
  ///   - cache: nil keeps nothing.
  ///   - isStopped: asked often; true ends requests on their way within about a second.
  package init(
    _ settings: EndpointSettings, key: EndpointKey?, cache: AnswerCache?, ledger: CostLedger,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.settings = settings
    self.key = key
    self.cache = cache
    self.ledger = ledger
    self.isStopped = isStopped
    sender = EndpointSender(settings, key: key)
  }

  package var traffic: Traffic { counts.withLock { $0 } }

  /// One request and what it is kept by.
  private struct Job: Sendable {
    let request: ChatRequest
    let body: JSONValue
    let digest: Digest
  }

  private struct State {
    var next = 0
    var results: [Digest: ChatAnswer] = [:]
    var failure: (index: Int, error: any Error)?
    var isEnding = false
    var working: Int
  }

  /// - Parameter progress: called on this thread with the number of different requests answered so
  ///   far, a few times a second; may throw to stop.
  /// - Throws: ``Failure`` where the endpoint does not answer, the error of the first request that
  ///   failed; `CancellationError` after a stop. Answers that came are kept.
  package func answers(to requests: [ChatRequest], progress: (Int) throws -> Void = { _ in })
    throws -> [ChatAnswer]
  {
    var digests: [Digest] = []
    var jobs: [Job] = []
    var known: Set<Digest> = []
    for request in requests {
      let body = request.body(
        model: settings.model, settings.method, extra: settings.extra)
      let digest = ChatRequest.digest(url: settings.url, body: body, sample: request.sample)
      digests.append(digest)
      if known.insert(digest).inserted {
        jobs.append(Job(request: request, body: body, digest: digest))
      }
    }
    let results = try work(jobs, progress)
    return digests.map { digest in
      guard let answer = results[digest] else { preconditionFailure("a request without an answer") }
      return answer
    }
  }

  private func work(_ jobs: [Job], _ progress: (Int) throws -> Void) throws
    -> [Digest: ChatAnswer]
  {
    let threads = max(1, min(settings.concurrency, jobs.count))
    let shared = Shared(State(working: threads))
    for _ in 0..<threads {
      let thread = Thread { [self] in
        self.work(jobs, shared)
        shared.state.withLock { $0.working -= 1 }
        shared.news.signal()
      }
      thread.start()
    }
    var stop: (any Error)?
    while shared.state.withLock({ $0.working }) > 0 {
      _ = shared.news.wait(timeout: .now() + 0.2)
      guard stop == nil else { continue }
      do {
        if isStopped() { throw CancellationError() }
        try progress(shared.state.withLock { $0.results.count })
      } catch {
        stop = error
        shared.state.withLock { $0.isEnding = true }
      }
    }
    if let stop { throw stop }
    return try shared.state.withLock { state in
      if let failure = state.failure { throw failure.error }
      return state.results
    }
  }

  private final class Shared: Sendable {
    let state: Mutex<State>
    let news = DispatchSemaphore(value: 0)
    init(_ state: sending State) { self.state = Mutex(state) }
  }

  /// One worker: takes jobs until none is left or something went wrong.
  private func work(_ jobs: [Job], _ shared: Shared) {
    let connection = HTTPConnection()
    let isStopped: @Sendable () -> Bool = { [self] in
      self.isStopped() || shared.state.withLock { $0.isEnding }
    }
    while true {
      let index: Int? = shared.state.withLock { state in
        guard !state.isEnding, state.failure == nil, state.next < jobs.count else { return nil }
        state.next += 1
        return state.next - 1
      }
      guard let index else { return }
      do {
        let answer = try answer(to: jobs[index], connection, isStopped, shared)
        shared.state.withLock { $0.results[jobs[index].digest] = answer }
        shared.news.signal()
      } catch {
        shared.state.withLock { state in
          // Workers that stop because of a failure say nothing new.
          if let first = state.failure, !(first.error is CancellationError),
            first.index < index || error is CancellationError
          {
            return
          }
          state.failure = (index, error)
        }
        return
      }
    }
  }

  private func answer(
    to job: Job, _ connection: HTTPConnection, _ isStopped: @escaping @Sendable () -> Bool,
    _ shared: Shared
  ) throws -> ChatAnswer {
    if let kept = cache?.find(job.digest) {
      counts.withLock { $0.cached += 1 }
      ledger.count(job.digest, kept)
      return kept
    }
    let worst = job.request.worstCase(job.body)
    try admit(worst, isStopped, shared)
    defer { ledger.settle(worst) }
    let answer = try sender.answer(
      to: job.request, job.body, job.digest, over: connection, isStopped: isStopped
    ) { counts.withLock { $0.retries += 1 } }
    if !answer.isRefusedByStatus { try cache?.keep(answer, to: job.digest) }
    counts.withLock { $0.answered += 1 }
    ledger.count(job.digest, answer)
    return answer
  }

  /// Returns when the budget has room for a request.
  private func admit(
    _ worst: TokenUse, _ isStopped: () -> Bool, _ shared: Shared
  ) throws {
    while true {
      switch ledger.admit(worst) {
      case .go: return
      case .wait:
        if isStopped() || shared.state.withLock({ $0.failure != nil }) {
          throw CancellationError()
        }
        Thread.sleep(forTimeInterval: 0.01)
      case .overCost(let spent, let next):
        throw sender.problems.overCost(
          ledger.limits, spent: spent, next: next, answered: ledger.requests)
      case .overRequests: throw sender.problems.overRequests(ledger.limits)
      }
    }
  }
}
