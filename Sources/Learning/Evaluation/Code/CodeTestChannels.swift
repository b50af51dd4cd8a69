internal import Diagnostics
private import Glibc
private import Processes

/// The descriptors of one code test; all are closed when it goes.
final class CodeTestChannels {
  /// What the judge reads.
  let input: Int32
  /// The ends of the link between judge and subject.
  let judge: Int32
  let subject: Int32
  /// Where the judge says its verdict.
  let verdictWrite: Int32
  private let verdictRead: Int32
  private var othersAreOpen = true

  /// - Throws: ``Failure`` of class `io` when no descriptor is to be had.
  init(_ text: [UInt8]) throws {
    let file = MemoryFile.make(text)
    let link = file == nil ? nil : Pipe.connected()
    guard let file, let link, let pipe = Pipe.make() else {
      let reason = String(cString: strerror(errno)).lowercased()
      for descriptor in [file, link?.0, link?.1] { _ = descriptor.map { close($0) } }
      throw Diagnostic("code.channels", "cannot connect a code test: \(reason)").failure(.io)
    }
    input = file
    (judge, subject) = link
    (verdictRead, verdictWrite) = (pipe.read, pipe.write)
  }

  deinit {
    closeOthers()
    close(verdictRead)
  }

  /// Once the processes have theirs: an end that only they hold tells when they are gone.
  func closeOthers() {
    guard othersAreOpen else { return }
    othersAreOpen = false
    for descriptor in [input, judge, subject, verdictWrite] { close(descriptor) }
  }

  /// What the judge wrote before it ended, at most `bytesMax`; nil when time ran out first.
  func verdict(until deadline: ContinuousClock.Instant, bytesMax: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 256)
    while bytes.count <= bytesMax {
      let left = deadline - .now
      if left <= .zero { return nil }
      let milliseconds =
        left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
      var watched = pollfd(fd: verdictRead, events: Int16(POLLIN), revents: 0)
      // Rounded up: a last fraction of a millisecond must not spin.
      guard poll(&watched, 1, Int32(clamping: milliseconds + 1)) > 0 else { continue }
      let count = read(verdictRead, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += piece[0..<count]
    }
    return bytes
  }
}
