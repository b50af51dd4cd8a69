internal import Reproducibility
package import RunStore
internal import StageKit

/// Values of steps as TensorBoard's event files, tag `STAGE/METRIC`.
///
/// A record is length, masked CRC-32C of the length, data, masked CRC-32C of the data, little
/// endian (tensorboard/summary/writer/record_writer.py); data is an `Event` in protocol buffers
/// (compat/proto/event.proto). A torn tail is skipped by the reader.
package final class TensorBoardFile: Tracker {
  package let name = "tensorboard"
  private let file: TrackedFile

  /// - Parameters:
  ///   - folder: `--logdir`.
  ///   - time: seconds since 1970, for the name and the first record.
  ///   - suffix: tells files of one second apart.
  /// - Throws: ``Failure`` when the file cannot be made.
  package init(folder: String, time: Double, suffix: String) throws {
    file = try TrackedFile("\(folder)/events.out.tfevents.\(Int(time)).\(suffix)")
    if file.isEmpty { try file.append(Self.versionRecord(time: time)) }
  }

  package func take(_ events: [RunEvent]) throws {
    var bytes: [UInt8] = []
    for event in events {
      guard case .stage(.metric(let name, let step, let value)) = event.body else { continue }
      let tag = event.stage.map { "\($0)/\(name)" } ?? name
      bytes += Self.scalarRecord(tag: tag, step: step, value: Float(value), time: event.time)
    }
    if !bytes.isEmpty { try file.append(bytes) }
  }

  package func finish() {}

  // MARK: - Records

  package static func versionRecord(time: Double) -> [UInt8] {
    record(fixed64(1, time.bitPattern) + bytes(3, Array("brain.Event:2".utf8)))
  }

  package static func scalarRecord(tag: String, step: Int, value: Float, time: Double) -> [UInt8] {
    let scalar = bytes(1, Array(tag.utf8)) + [0x15] + littleEndian(value.bitPattern)
    let summary = bytes(1, scalar)
    return record(
      fixed64(1, time.bitPattern) + [0x10] + varint(UInt64(bitPattern: Int64(step)))
        + bytes(5, summary))
  }

  private static func record(_ data: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(data.count))
    return length + littleEndian(masked(length)) + data + littleEndian(masked(data))
  }

  private static func masked(_ bytes: [UInt8]) -> UInt32 {
    let crc = CRC32C.of(bytes)
    return ((crc >> 15) | (crc << 17)) &+ 0xA282_EAD8
  }

  private static func fixed64(_ field: UInt8, _ bits: UInt64) -> [UInt8] {
    [field << 3 | 1] + littleEndian(bits)
  }

  private static func bytes(_ field: UInt8, _ value: [UInt8]) -> [UInt8] {
    [field << 3 | 2] + varint(UInt64(value.count)) + value
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), a byte at a time.
package enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
    return value
  }

  package static func of(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = .max
    for byte in bytes { crc = (crc >> 8) ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
    return ~crc
  }
}
