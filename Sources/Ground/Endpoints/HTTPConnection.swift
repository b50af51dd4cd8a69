internal import CCurl
private import Glibc

/// What is sent, and how long it may take.
struct HTTPRequest: Sendable {
  var url: String
  /// `Name: value`.
  var headers: [String]
  /// Posted.
  var body: [UInt8]
  var limits: HTTPLimits
}

/// How long a request and its answer may take and be.
package struct HTTPLimits: Sendable, Hashable {
  /// For the name, the connection and TLS.
  package var connectMilliseconds = 10_000
  /// From start to the last byte.
  package var totalMilliseconds = 600_000
  /// Without a byte in either direction; looked at about once a second.
  package var idleMilliseconds = 300_000
  /// Of the unpacked answer.
  package var answerBytesMax = 64 << 20

  package init() {}
}

/// How a request ended.
enum HTTPEnd: Sendable, Hashable {
  case answered(HTTPAnswer)
  case libraryAbsent
  case unreachable(String)
  case connectTimeout
  case totalTimeout
  case idleTimeout
  case cutOff(String)
  case tooLarge
  case notHTTP(String)
  case untrusted(String)
  case stopped
  case other(String)
}

struct HTTPAnswer: Sendable, Hashable {
  var status: Int
  var body: [UInt8]
  var contentType: String?
  /// Where a redirect points, as a whole URL.
  var redirect: String?
  var retryAfterSeconds: Int?
}

/// A connection to one host that lives on between requests. One thread uses it.
final class HTTPConnection {
  private let connection: UnsafeMutableRawPointer?

  init() { connection = orc_curl_open() }
  deinit { orc_curl_close(connection) }

  /// - Parameter isStopped: asked about once a second.
  func send(_ request: HTTPRequest, isStopped: @escaping @Sendable () -> Bool) -> HTTPEnd {
    var answer = orc_curl_answer()
    defer { orc_curl_free(&answer) }
    perform(request, isStopped, &answer)
    let problem = withUnsafeBytes(of: answer.problem) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch Int(answer.end) {
    case ORC_CURL_ANSWERED: return .answered(Self.copy(answer))
    case ORC_CURL_ABSENT: return .libraryAbsent
    case ORC_CURL_UNREACHABLE: return .unreachable(problem)
    case ORC_CURL_CONNECT_TIMEOUT: return .connectTimeout
    case ORC_CURL_TOTAL_TIMEOUT: return .totalTimeout
    case ORC_CURL_IDLE_TIMEOUT: return .idleTimeout
    case ORC_CURL_CUT_OFF: return .cutOff(problem)
    case ORC_CURL_TOO_LARGE: return .tooLarge
    case ORC_CURL_NO_HTTP: return .notHTTP(problem)
    case ORC_CURL_UNTRUSTED: return .untrusted(problem)
    case ORC_CURL_STOPPED: return .stopped
    default: return .other(problem)
    }
  }

  private func perform(
    _ request: HTTPRequest, _ isStopped: @escaping @Sendable () -> Bool,
    _ answer: inout orc_curl_answer
  ) {
    var headers = request.headers.map { UnsafePointer(strdup($0)) }
    defer { for header in headers { free(UnsafeMutablePointer(mutating: header)) } }
    let stop = StopBox(isStopped)
    var call = orc_curl_request()
    call.connect_ms = Int64(request.limits.connectMilliseconds)
    call.total_ms = Int64(request.limits.totalMilliseconds)
    call.idle_ms = Int64(request.limits.idleMilliseconds)
    call.answer_max = request.limits.answerBytesMax
    call.is_stopped = { context in
      guard let context else { return 0 }
      return Unmanaged<StopBox>.fromOpaque(context).takeUnretainedValue().isStopped() ? 1 : 0
    }
    withExtendedLifetime(stop) {
      call.stop_context = UnsafeRawPointer(Unmanaged.passUnretained(stop).toOpaque())
      request.url.withCString { url in
        Self.noProxy.withCString { noProxy in
          headers.withUnsafeMutableBufferPointer { headers in
            request.body.withUnsafeBufferPointer { body in
              call.url = url
              call.no_proxy = noProxy
              call.certificates = getenv("SSL_CERT_FILE").map { UnsafePointer($0) }
              call.headers = UnsafePointer(headers.baseAddress)
              call.header_count = headers.count
              call.body = body.baseAddress
              call.body_count = body.count
              orc_curl_perform(connection, &call, &answer)
            }
          }
        }
      }
    }
  }

  private static func copy(_ answer: orc_curl_answer) -> HTTPAnswer {
    HTTPAnswer(
      status: Int(answer.status),
      body: Array(UnsafeBufferPointer(start: answer.body, count: answer.body_count)),
      contentType: answer.content_type.map { String(cString: $0) },
      redirect: answer.redirect.map { String(cString: $0) },
      retryAfterSeconds: answer.retry_after > 0 ? Int(answer.retry_after) : nil)
  }

  /// This machine is asked directly, whatever proxy the environment names for the rest.
  private static let noProxy: String = {
    let own = (getenv("no_proxy") ?? getenv("NO_PROXY")).map { String(cString: $0) }
    return (["localhost", "127.0.0.1", "::1"] + (own.map { [$0] } ?? [])).joined(separator: ",")
  }()
}

/// A closure as something that C can hold a pointer to.
private final class StopBox: Sendable {
  let isStopped: @Sendable () -> Bool
  init(_ isStopped: @escaping @Sendable () -> Bool) { self.isStopped = isStopped }
}
