private import Foundation

/// What a client asked for.
package struct HTTPRequest: Sendable {
  package var method: String
  /// The path without a query.
  package var path: String
  /// Names in lower case, in the order of the message.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(
    method: String, path: String, headers: [(name: String, value: String)], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  /// The value of a header that stands once; nil when it is missing or repeated.
  package func header(_ name: String) -> String? {
    let found = headers.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }
}

/// What the server answers; short texts only.
package struct HTTPAnswer: Sendable, Hashable {
  package var status: Int
  package var text: String
  /// Seconds until it makes sense to ask again.
  package var retryAfter: Int?

  package init(_ status: Int, _ text: String, retryAfter: Int? = nil) {
    self.status = status
    self.text = text
    self.retryAfter = retryAfter
  }

  private static let reasons: [Int: String] = [
    200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 411: "Length Required",
    413: "Content Too Large", 415: "Unsupported Media Type", 421: "Misdirected Request",
    429: "Too Many Requests", 431: "Request Header Fields Too Large",
    501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]

  var bytes: [UInt8] {
    let body = text + "\n"
    var lines = [
      "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Status")",
      "Content-Type: text/plain; charset=utf-8", "Content-Length: \(body.utf8.count)",
      "X-Content-Type-Options: nosniff", "Cache-Control: no-store", "Connection: close",
    ]
    if let retryAfter { lines.append("Retry-After: \(retryAfter)") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }
}

/// The head of a request: everything before the body.
struct HTTPHead {
  enum Reading {
    case incomplete
    case bad(HTTPAnswer)
    /// The head, and where the body begins.
    case whole(HTTPHead, bodyStart: Int)
  }

  var request: HTTPRequest
  var bodyBytes: Int
  var expectsContinue: Bool

  /// Reads a head by RFC 9112, refusing what servers read in different ways: folded lines, blanks
  /// before a colon, several lengths, encodings of transfer.
  static func read(_ bytes: [UInt8], _ limits: HTTPLimits) -> Reading {
    guard let end = Self.end(of: bytes) else {
      return bytes.count > limits.headBytes
        ? .bad(HTTPAnswer(431, "the head is too large")) : .incomplete
    }
    if end > limits.headBytes { return .bad(HTTPAnswer(431, "the head is too large")) }
    guard let text = String(validating: bytes[..<end], as: UTF8.self) else {
      return .bad(HTTPAnswer(400, "the head is not text"))
    }
    var lines = text.components(separatedBy: "\r\n")
    let first = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard first.count == 3, !first[0].isEmpty, first[0].utf8.allSatisfy({ (65...90).contains($0) }),
      first[1].hasPrefix("/"), first[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return .bad(HTTPAnswer(400, "the request line is none")) }
    guard first[2] == "HTTP/1.1" || first[2] == "HTTP/1.0" else {
      return .bad(HTTPAnswer(505, "expected HTTP/1.1"))
    }
    var headers: [(name: String, value: String)] = []
    for line in lines where !line.isEmpty {
      guard let colon = line.firstIndex(of: ":"), line.first != " ", line.first != "\t" else {
        return .bad(HTTPAnswer(400, "a header line is none"))
      }
      let name = line[..<colon]
      let value = line[line.index(after: colon)...]
      guard !name.isEmpty, name.utf8.allSatisfy(isNameByte), value.utf8.allSatisfy(isValueByte)
      else { return .bad(HTTPAnswer(400, "a header has characters that none may have")) }
      headers.append((name.lowercased(), value.trimmingCharacters(in: .whitespaces)))
      if headers.count > limits.headers { return .bad(HTTPAnswer(431, "too many headers")) }
    }
    let path = first[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)[0]
    return finish(
      HTTPRequest(method: String(first[0]), path: String(path), headers: headers), end + 4, limits)
  }

  private static func finish(_ request: HTTPRequest, _ bodyStart: Int, _ limits: HTTPLimits)
    -> Reading
  {
    guard request.headers.filter({ $0.name == "host" }).count == 1 else {
      return .bad(HTTPAnswer(400, "expected one Host"))
    }
    if request.headers.contains(where: { $0.name == "transfer-encoding" }) {
      return .bad(HTTPAnswer(501, "send a Content-Length, no Transfer-Encoding"))
    }
    let lengths = request.headers.filter { $0.name == "content-length" }
    guard lengths.count <= 1 else { return .bad(HTTPAnswer(400, "several lengths")) }
    var size = 0
    if let text = lengths.first?.value {
      guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return .bad(HTTPAnswer(400, "the length is no number"))
      }
      guard let number = Int(text), number <= limits.bodyBytes else {
        return .bad(HTTPAnswer(413, "at most \(limits.bodyBytes) bytes"))
      }
      size = number
    } else if request.method == "POST" || request.method == "PUT" {
      return .bad(HTTPAnswer(411, "send a Content-Length"))
    }
    let expects = request.header("expect")?.lowercased() == "100-continue"
    return .whole(
      HTTPHead(request: request, bodyBytes: size, expectsContinue: expects), bodyStart: bodyStart)
  }

  /// Where the empty line begins.
  private static func end(of bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (0...(bytes.count - 4)).first {
      bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }

  private static func isValueByte(_ byte: UInt8) -> Bool {
    byte == 9 || (byte >= 0x20 && byte != 0x7F)
  }
}
