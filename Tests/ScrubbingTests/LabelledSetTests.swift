import Documents
import Scrubbing
import TestSupport
import Testing

/// Recall and false alarms on a labelled set of 1500 texts; the bounds are below what was measured
/// (in parentheses) by less than a tenth of the misses.
@Suite(.enabled(if: SharedMaterial.data.exists, "no folder of data"))
struct LabelledSetTests {
  @Test("personal data is covered and look-alikes are left")
  func coverage() throws {
    let bytes = try SharedMaterial.bytes(SharedMaterial.data.path("pii/synthetic_visible.jsonl"))
    let detector = Detector()
    var covered: [String: Int] = [:]
    var wanted: [String: Int] = [:]
    var (traps, hits) = (0, 0)
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let json = try JSONReader.parse(Array(line), file: "set", line: number + 1)
      let text = try #require(json["text"]?.stringValue)
      var masked = [Bool](repeating: false, count: text.utf8.count)
      for detection in detector.detections(in: text) {
        for place in detection.range { masked[place] = true }
      }
      let offsets = Self.offsets(of: text)
      for entity in json["entities"]?.arrayValue ?? [] {
        let range = try Self.range(entity, offsets)
        let type = try #require(entity["type"]?.stringValue)
        wanted[type, default: 0] += 1
        if masked[range].allSatisfy({ $0 }) { covered[type, default: 0] += 1 }
      }
      for trap in json["traps"]?.arrayValue ?? [] {
        traps += 1
        if masked[try Self.range(trap, offsets)].contains(true) { hits += 1 }
      }
    }
    for (type, bound) in [
      ("EMAIL", 0.995), ("PHONE", 0.995), ("CREDIT_CARD", 0.995), ("IBAN", 0.995),
      ("IP_ADDRESS", 0.995), ("URL", 0.995), ("MAC_ADDRESS", 0.995), ("CRYPTO", 0.995),
      ("NATIONAL_ID", 0.98), ("PASSPORT", 0.98), ("SECRET", 0.98), ("DATE_OF_BIRTH", 0.98),
      ("MEDICAL_ID", 0.98),
      ("PERSON", 0.955), ("ADDRESS", 0.98),
    ] {
      let share = Double(covered[type, default: 0]) / Double(max(1, wanted[type, default: 0]))
      #expect(share >= bound, "\(type): \(share)")
    }
    #expect(traps > 2000)
    #expect(Double(hits) / Double(traps) <= 0.005, "\(hits) of \(traps) look-alikes touched")
  }

  /// UTF-8 offset of every Unicode code point, and of the end.
  static func offsets(of text: String) -> [Int] {
    var offsets: [Int] = []
    var offset = 0
    for scalar in text.unicodeScalars {
      offsets.append(offset)
      offset += String(scalar).utf8.count
    }
    return offsets + [offset]
  }

  static func range(_ entity: JSONValue, _ offsets: [Int]) throws -> Range<Int> {
    let start = try #require(entity["start"]?.integerValue)
    let end = try #require(entity["end"]?.integerValue)
    return offsets[start]..<offsets[end]
  }
}
