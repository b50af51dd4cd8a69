import Documents
import Foundation
import Scrubbing
import Testing

/// Not a test: writes what the detector finds in the files that `PII_SETS` names (with commas, each
/// `IN=OUT`) as JSON lines for a scorer of spans. Places count Unicode code points.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PII_SETS"] != nil, "PII_SETS is not set"))
struct PredictionDumpTests {
  @Test("predictions are written for a scorer")
  func dump() throws {
    let detector = Detector()
    let pairs = ProcessInfo.processInfo.environment["PII_SETS"] ?? ""
    for pair in pairs.split(separator: ",") {
      let paths = pair.split(separator: "=").map(String.init)
      try #require(paths.count == 2, "PII_SETS: \(pair) is not IN=OUT")
      let data = try Data(contentsOf: URL(fileURLWithPath: paths[0]))
      var lines = ""
      for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
        let json = try JSONReader.parse(Array(line), file: paths[0], line: number + 1)
        let text = try #require(json["text"]?.stringValue)
        let id = try #require(json["id"]?.stringValue)
        lines += Self.line(id: id, text: text, detector.detections(in: text)) + "\n"
      }
      try lines.write(toFile: paths[1], atomically: true, encoding: .utf8)
    }
  }

  static func line(id: String, text: String, _ found: [Detection]) -> String {
    var places = [Int](repeating: 0, count: text.utf8.count + 1)
    var count = 0
    var offset = 0
    for scalar in text.unicodeScalars {
      let width = scalar.utf8.count
      for k in 0..<width { places[offset + k] = count }
      offset += width
      count += 1
    }
    places[offset] = count
    let spans = found.map {
      "{\"start\":\(places[$0.range.lowerBound]),\"end\":\(places[$0.range.upperBound]),"
        + "\"type\":\"\($0.entity)\",\"score\":\($0.score)}"
    }
    return "{\"id\":\"\(id)\",\"entities\":[\(spans.joined(separator: ","))]}"
  }
}
