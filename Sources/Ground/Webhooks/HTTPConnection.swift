private import Glibc

/// One client: its bytes so far, and its answer.
final class HTTPConnection {
  enum State {
    case reading
    /// A whole request that nobody has answered yet.
    case asking(HTTPRequest)
    case answering
    /// The answer is out; the client may still be sending.
    case draining
    case closed
  }

  let descriptor: Int32
  private(set) var state = State.reading
  private let limits: HTTPLimits
  private let started = ContinuousClock.now
  private var buffer: [UInt8] = []
  private var head: HTTPHead?
  private var bodyStart = 0
  private var outgoing: [UInt8] = []
  private var sent = 0
  private var deadline: ContinuousClock.Instant

  init(_ descriptor: Int32, _ limits: HTTPLimits) {
    self.descriptor = descriptor
    self.limits = limits
    deadline = .now + .seconds(limits.headSeconds)
  }

  deinit { close(descriptor) }

  /// Bytes in memory.
  var bufferedBytes: Int { buffer.count }

  var wantsToWrite: Bool {
    if case .answering = state { true } else { sent < outgoing.count }
  }

  /// Pieces taken at a time, so that a client that never stops sending does not keep the others
  /// waiting.
  private static let piecesMax = 32

  /// Takes what has arrived, up to 2 MiB.
  ///
  /// - Parameter room: bytes that all connections may still take.
  func read(room: Int) {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    for _ in 0..<Self.piecesMax {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        state = .closed
        return
      }
      guard case .reading = state else { continue }
      buffer += piece[0..<count]
      if buffer.count > room {
        answer(HTTPAnswer(503, "too much at once", retryAfter: 5))
        return
      }
      advance()
      guard case .reading = state else { return }
    }
  }

  private func advance() {
    if head == nil {
      switch HTTPHead.read(buffer, limits) {
      case .incomplete: return
      case .bad(let answer): return self.answer(answer)
      case .whole(let head, let start):
        self.head = head
        bodyStart = start
        deadline = started + .seconds(limits.requestSeconds)
        if head.expectsContinue, head.bodyBytes > 0 {
          outgoing = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
          write()
        }
      }
    }
    guard let head, buffer.count - bodyStart >= head.bodyBytes else { return }
    var request = head.request
    request.body = Array(buffer[bodyStart..<(bodyStart + head.bodyBytes)])
    buffer = []
    state = .asking(request)
  }

  func answer(_ answer: HTTPAnswer) {
    buffer = []
    outgoing = outgoing[sent...] + answer.bytes
    sent = 0
    state = .answering
    deadline = .now + .seconds(limits.answerSeconds)
    write()
  }

  func write() {
    while sent < outgoing.count {
      let count = outgoing.withUnsafeBytes {
        send(
          descriptor, $0.baseAddress?.advanced(by: sent), outgoing.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if count < 0, errno == EINTR {
        continue
      } else if count < 0, errno == EAGAIN {
        return
      } else {
        state = .closed
        return
      }
    }
    guard case .answering = state else { return }
    // A close while the client still sends would take the answer away from it.
    shutdown(descriptor, Int32(SHUT_WR))
    state = .draining
    deadline = .now + .seconds(1)
  }

  /// Lets go of clients that take too long.
  func checkDeadline() {
    guard ContinuousClock.now > deadline else { return }
    switch state {
    case .reading: answer(HTTPAnswer(408, "too slow"))
    case .asking: break
    case .answering, .draining, .closed: state = .closed
    }
  }
}
