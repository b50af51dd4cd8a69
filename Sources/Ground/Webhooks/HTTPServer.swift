internal import Diagnostics
private import Glibc

/// A small HTTP/1.1 server for short messages: one thread, bounded in every way, one request for
/// each connection.
///
/// ```swift
/// let server = try HTTPServer(address: "127.0.0.1", port: 8787, hosts: ["localhost"])
/// while !isOver { server.turn(milliseconds: 100) { request in HTTPAnswer(200, "hello") } }
/// ```
package final class HTTPServer {
  /// As bound: the port that the system chose where 0 was asked for.
  package let port: UInt16
  private let descriptor: Int32
  private let hosts: Set<String>
  private let limits: HTTPLimits
  private var connections: [HTTPConnection] = []

  /// Listens.
  ///
  /// - Parameters:
  ///   - address: an IPv4 address of this machine.
  ///   - hosts: names that clients may call it by, beside `localhost` and the address itself. A page
  ///     in a browser that was led here by another name is refused.
  /// - Throws: ``Failure`` of class `usage` or `io`.
  package init(
    address: String, port: UInt16, hosts: [String] = [], limits: HTTPLimits = HTTPLimits()
  ) throws {
    self.limits = limits
    self.hosts = Set((hosts + ["localhost", "127.0.0.1", address]).map { $0.lowercased() })
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else {
      throw Diagnostic(
        "http.address", "'\(SafeText.escaped(address))' is no IPv4 address",
        fix: "give one such as 127.0.0.1"
      ).failure(.usage)
    }
    let type =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0 else { throw Self.failure("open a socket for", address, port) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard bound == 0, listen(descriptor, 128) == 0 else {
      let failure = Self.failure("listen on", address, port)
      close(descriptor)
      throw failure
    }
    var actual = sockaddr_in()
    var length = size
    _ = withUnsafeMutablePointer(to: &actual) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    self.descriptor = descriptor
    self.port = UInt16(bigEndian: actual.sin_port)
  }

  deinit { close(descriptor) }

  private static func failure(_ action: String, _ address: String, _ port: UInt16) -> Failure {
    let number = errno
    let isPermission = number == EACCES || number == EPERM
    return Diagnostic(
      "http.listen",
      "cannot \(action) \(address):\(port): \(String(cString: strerror(number)).lowercased())",
      fix: number == EADDRINUSE ? "choose another --port" : nil
    ).failure(isPermission ? .permission : .io)
  }

  /// Waits for what comes, at most so long, and answers whole requests.
  ///
  /// - Parameter others: further descriptors whose input ends the wait.
  package func turn(
    milliseconds: Int32, others: [Int32] = [], _ answer: (HTTPRequest) -> HTTPAnswer
  ) {
    var watched = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    watched += connections.map { connection in
      let events = Int16(POLLIN) | (connection.wantsToWrite ? Int16(POLLOUT) : 0)
      return pollfd(fd: connection.descriptor, events: events, revents: 0)
    }
    let served = connections.count
    watched += others.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&watched, nfds_t(watched.count), milliseconds) >= 0 else { return }
    for index in 0..<served where watched[index + 1].revents != 0 {
      serve(connections[index], watched[index + 1].revents, answer)
    }
    if watched[0].revents != 0 { accept(answer) }
    for connection in connections { connection.checkDeadline() }
    connections.removeAll { if case .closed = $0.state { true } else { false } }
  }

  private func serve(
    _ connection: HTTPConnection, _ events: Int16, _ answer: (HTTPRequest) -> HTTPAnswer
  ) {
    if events & Int16(POLLOUT) != 0 { connection.write() }
    if events & ~Int16(POLLOUT) != 0 {
      let others = connections.reduce(0) { $0 + $1.bufferedBytes } - connection.bufferedBytes
      connection.read(room: limits.bufferedBytes - others)
    }
    if case .asking(let request) = connection.state {
      connection.answer(isCalledRight(request) ? answer(request) : Self.misdirected)
    }
  }

  private static let misdirected = HTTPAnswer(
    421, "this server is not known by that name; see --allow-host")

  /// Whether `Host` is one of the names, with or without a port.
  private func isCalledRight(_ request: HTTPRequest) -> Bool {
    guard let host = request.header("host")?.lowercased() else { return false }
    let parts = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, Int(parts[1]) == nil { return false }
    return hosts.contains(String(parts[0]))
  }

  /// Connections taken at a time: those that are over must be let go of in between.
  private static let acceptedMax = 16

  private func accept(_ answer: (HTTPRequest) -> HTTPAnswer) {
    for _ in 0..<Self.acceptedMax {
      let client = Glibc.accept(descriptor, nil, nil)
      if client < 0 {
        if errno == EINTR { continue }
        return
      }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      _ = fcntl(client, F_SETFL, fcntl(client, F_GETFL) | O_NONBLOCK)
      let connection = HTTPConnection(client, limits)
      connections.append(connection)
      if connections.count > limits.connections {
        connection.answer(HTTPAnswer(503, "too many connections", retryAfter: 5))
        // Beyond twice the bound even the answer is too much.
        if connections.count > 2 * limits.connections { connections.removeLast() }
        continue
      }
      serve(connection, Int16(POLLIN), answer)
    }
  }
}
