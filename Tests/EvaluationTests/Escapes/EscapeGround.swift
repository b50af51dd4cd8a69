import Foundation
import Processes
import TestSupport

/// What escape programs try to reach, and whether they did.
final class EscapeGround {
  let folder: TemporaryFolder
  let mark = String(UInt32.random(in: 10_000_000...99_999_999))
  private let secret = "s3cr3t-" + UUID().uuidString
  private let port: UInt16
  private let sockets: [Int32]

  init() throws {
    folder = try TemporaryFolder()
    for name in ["secret", "other", "gone"] { try folder.write(name, "x\n") }
    setenv("ORCHESTRATE_ESCAPE_SECRET", secret, 1)
    let tcp = Self.inet(SOCK_STREAM)
    port = Self.port(of: tcp)
    let udp = Self.inet(SOCK_DGRAM, port: port)
    sockets = [
      tcp, udp, Self.unix(folder.path + "/socket", SOCK_STREAM),
      Self.unix("\0" + mark, SOCK_STREAM), Self.unix("\0\(mark)-datagrams", SOCK_DGRAM),
    ]
  }

  deinit { for socket in sockets { close(socket) } }

  var isComplete: Bool { sockets.allSatisfy { $0 >= 0 } }

  /// `text` with what its words stand for.
  func filled(_ text: String) -> String {
    [
      ("FOLDER", folder.path), ("HOME", NSHomeDirectory()), ("PORT", String(port)),
      ("PID", String(getpid())), ("MARK", mark), ("SECRET", secret),
    ].reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  /// What programs left or changed outside, in words; empty when all were held.
  func traces() -> [String] {
    var found: [String] = []
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    if files.sorted() != ["gone", "other", "secret", "socket"] { found.append("files: \(files)") }
    if (try? folder.read("secret")) != Array("x\n".utf8) { found.append("the secret was changed") }
    for path in ["/dev/shm/\(mark)", "/etc/orchestrate-\(mark)", "/orchestrate-\(mark)"]
    where access(path, F_OK) == 0 {
      found.append(path)
    }
    for (index, socket) in sockets.enumerated() {
      var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      if poll(&watched, 1, 0) > 0 { found.append("socket \(index) was reached") }
    }
    return found + processes()
  }

  /// Processes that carry the mark.
  func processes() -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { Int32($0) != nil && Int32($0) != getpid() }.compactMap { pid in
      let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline"))) ?? Data()
      return line.range(of: Data(mark.utf8)) == nil ? nil : "process \(pid) runs"
    }
  }

  private static func inet(_ type: __socket_type, port: UInt16 = 0) -> Int32 {
    let descriptor = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return bound(descriptor, &address, MemoryLayout<sockaddr_in>.size, type)
  }

  private static func unix(_ name: String, _ type: __socket_type) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes.prefix(107)) }
    return bound(descriptor, &address, 2 + bytes.count, type)
  }

  private static func bound<Address>(
    _ descriptor: Int32, _ address: inout Address, _ size: Int, _ type: __socket_type
  ) -> Int32 {
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(size)) == 0
      }
    }
    guard isBound, type != SOCK_STREAM || listen(descriptor, 64) == 0 else {
      close(descriptor)
      return -1
    }
    return descriptor
  }

  private static func port(of descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return UInt16(bigEndian: address.sin_port)
  }
}
