private import Diagnostics
private import Foundation
private import Glibc
internal import Processes
private import Reproducibility

/// The files of a lease: `NNNNNNNN` in a folder, numbered upwards. The newest one counts.
///
/// A claim is made by link(2), which one host alone wins on every network file system. Its first
/// line is the beat, which its owner raises in place; `released` once it is given back. The second
/// line is the owner.
struct LeaseClaims {
  let folder: String

  struct Claim: Hashable {
    var number: Int
    /// Nil: given back.
    var beat: Int?
    /// Nil when the file cannot be read as a claim: it is one all the same.
    var owner: LockHolder?
  }

  private static let beatDigits = 20

  /// The claim with the highest number, or nil.
  func newest() throws -> Claim? {
    guard let number = try numbers().last else { return nil }
    // It may be gone already: then a newer one is there, or will be.
    guard let bytes = try? DurableFile.read(path(number)) else {
      return Claim(number: number, beat: 0)
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    let head = lines.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let owner = lines.count > 1 ? LockHolder(bytes: Array(lines[1])) : nil
    if head.hasPrefix("released") { return Claim(number: number, beat: nil, owner: owner) }
    return Claim(number: number, beat: Int(head) ?? 0, owner: owner)
  }

  /// Whether a claim newer than `number` is there, or this one is gone.
  func isSuperseded(_ number: Int) throws -> Bool { try numbers().last != number }

  /// Makes a claim; false when another process was faster. Older claims are removed.
  func make(_ number: Int, owner: LockHolder) throws -> Bool {
    try DurableFile.makeFolder(folder)
    let temporary =
      "\(folder)/\(DurableFile.temporaryPrefix)\(number)-\(UUID().uuidString)"
    try DurableFile.writeFleeting(Self.line(0) + owner.bytes, to: temporary)
    defer { unlink(temporary) }
    if link(temporary, path(number)) != 0 {
      let reason = errno
      // An answer lost on the network: the link is there all the same.
      var info = stat()
      let isMade = stat(temporary, &info) == 0 && info.st_nlink == 2
      if !isMade {
        if reason == EEXIST { return false }
        throw SystemError.failure("create", path(number), reason)
      }
    }
    if try isSuperseded(number) { return false }
    for old in try numbers() where old < number { unlink(path(old)) }
    return true
  }

  /// Raises the beat. Opened and closed each time, since that is when a network file system passes
  /// bytes on. False: the claim is gone.
  func beat(_ number: Int, _ beat: Int) -> Bool { write(number, Self.line(beat)) }

  func release(_ number: Int) {
    let text = "released"
    let pad = String(repeating: " ", count: Self.beatDigits - text.utf8.count)
    _ = write(number, Array("\(text)\(pad)\n".utf8))
  }

  private func write(_ number: Int, _ bytes: [UInt8]) -> Bool {
    let file = open(path(number), O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return errno != ENOENT }
    defer { close(file) }
    _ = pwrite(file, bytes, bytes.count, 0)
    return true
  }

  private static func line(_ beat: Int) -> [UInt8] {
    let digits = String(beat)
    return Array(
      (String(repeating: "0", count: beatDigits - digits.utf8.count) + digits + "\n").utf8)
  }

  private func numbers() throws -> [Int] {
    try DurableFile.names(in: folder).compactMap { $0.utf8.count >= 8 ? Int($0) : nil }.sorted()
  }

  private func path(_ number: Int) -> String {
    let digits = String(number)
    return "\(folder)/" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
  }
}
