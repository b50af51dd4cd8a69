internal import CKernels
internal import Diagnostics
internal import Reproducibility

/// The bytes of a source file from front to back, unpacked on the way; memory is a block whatever
/// the packed bytes unpack to.
final class SourceBytes {
  /// Bytes of the file itself read so far.
  private(set) var bytesRead = 0

  private let file: String
  private let packing: SourcePacking
  private let blocks: BlockReader
  private var hasher: Digest.Hasher?
  private let unpacker: OpaquePointer?
  /// Packed bytes that were read and not yet unpacked: from `at` on.
  private var packed: [UInt8] = []
  private var at = 0
  private var isAtEnd = false
  /// The last packed bytes end a member or a frame.
  private var isWhole = false

  private static let blockBytes = 256 << 10

  /// - Parameter file: named in errors.
  /// - Throws: ``Failure`` of class `badInput` when the file is not packed as its name says, of
  ///   class `io` when the library that unpacks it is not installed.
  init(_ path: String, file: String, packing: SourcePacking, isDigested: Bool = true) throws {
    self.file = file
    hasher = isDigested ? Digest.Hasher() : nil
    self.packing = packing
    blocks = try BlockReader(path)
    guard packing != .none else {
      unpacker = nil
      return
    }
    unpacker = ck_unpacker_new(packing == .gzip ? Int32(CK_GZIP) : Int32(CK_ZSTD))
    guard unpacker != nil else {
      let (package, library) = packing.library
      throw Diagnostic(
        "source.no-library",
        "the file is packed with \(packing.rawValue), and \(library) is not here",
        at: SourceSpan(file: file, line: 1),
        fix: "install it (Debian, Ubuntu: apt install \(package)), or unpack the file"
      ).failure(.io)
    }
    try fill()
    if !packed.isEmpty, !packed.starts(with: packing.magic) {
      throw failure(
        "source.not-packed", "the file is not packed with \(packing.rawValue), as its name says",
        "correct its name, or pack it")
    }
  }

  deinit { if let unpacker { ck_unpacker_free(unpacker) } }

  /// Appends up to `count` bytes to `buffer`; returns how many, fewer only at the end.
  func read(_ count: Int, into buffer: inout [UInt8]) throws -> Int {
    guard unpacker != nil else {
      let start = buffer.count
      let got = try blocks.read(count, into: &buffer)
      take(buffer, start)
      return got
    }
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: count))
    var done = 0
    while done < count {
      if at == packed.count, !isAtEnd { try fill() }
      if at == packed.count, isAtEnd {
        if isWhole || bytesRead == 0 { break }
        // What the unpacker still holds comes without more input, until nothing does.
        let made = try step(&buffer, start + done, count - done)
        if made == 0, !isWhole {
          throw failure(
            "source.cut", "the \(packing.rawValue) data end in the middle: the file was cut",
            "copy or download it again")
        }
        done += made
      } else {
        done += try step(&buffer, start + done, count - done)
      }
    }
    buffer.removeLast(count - done)
    return done
  }

  /// The digest of the file's bytes, where it was asked for; call at the end.
  func digest() -> Digest? { hasher?.finish() }

  private func step(_ buffer: inout [UInt8], _ start: Int, _ room: Int) throws -> Int {
    var taken = 0
    var made = 0
    let answer = packed.withUnsafeBufferPointer { input in
      buffer.withUnsafeMutableBufferPointer { output -> Int in
        guard let input = input.baseAddress, let output = output.baseAddress else { return 0 }
        return Int(
          ck_unpack(
            unpacker, input + at, packed.count - at, &taken, output + start, room, &made))
      }
    }
    at += taken
    isWhole = answer == CK_UNPACK_END
    guard answer != CK_UNPACK_WRONG, taken + made > 0 || isAtEnd else {
      throw failure(
        "source.damaged", "the \(packing.rawValue) data are damaged",
        "copy or download the file again")
    }
    return made
  }

  private func fill() throws {
    packed.removeAll(keepingCapacity: true)
    at = 0
    let got = try blocks.read(Self.blockBytes, into: &packed)
    take(packed, 0)
    isAtEnd = got < Self.blockBytes
  }

  private func take(_ bytes: [UInt8], _ start: Int) {
    bytesRead += bytes.count - start
    bytes.withUnsafeBytes { hasher?.update(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }

  private func failure(_ code: String, _ message: String, _ fix: String) -> Failure {
    Diagnostic(code, message, at: SourceSpan(file: file, line: 1), fix: fix).failure(.badInput)
  }
}
