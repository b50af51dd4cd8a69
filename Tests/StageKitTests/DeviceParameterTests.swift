import Diagnostics
import Documents
import StageKit
import Testing

/// `device`: what is computed on decides bits, which card does it does not.
@Suite struct DeviceParameterTests {
  private func reader(_ text: String) throws -> ParameterReader {
    ParameterReader(
      try YAMLReader.parse(Array("{\(text)}".utf8), file: "p.yaml"), owner: "toy")
  }

  @Test(
    "the effective value is the class; a card that was named is held",
    arguments: [
      ("", true, "cuda", 1, nil), ("", false, "cpu", 0, nil),
      ("device: auto", true, "cuda", 1, nil),
      ("device: cpu", true, "cpu", 0, nil), ("device: cuda", false, "cuda", 1, nil),
      ("device: 'cuda:0'", true, "cuda", 1, 0), ("device: 'cuda:12'", false, "cuda", 1, 12),
    ] as [(String, Bool, String, Int, Int?)])
  func settled(text: String, isUsable: Bool, value: String, count: Int, index: Int?) throws {
    var read = try reader(text)
    let device = read.device { isUsable }
    read.finish()
    #expect(read.diagnostics == [])
    #expect(device.rawValue == value)
    #expect(JSONWriter.compact(.object(read.values)) == #"{"device":"\#(value)"}"#)
    #expect(read.gpuCount == count && read.gpuIndex == index)
  }

  @Test("a stage that asks an endpoint holds no card")
  func unused() throws {
    var read = try reader("device: 'cuda:1'")
    #expect(read.device(isUsed: false, isUsable: { true }) == .cpu)
    #expect(JSONWriter.compact(.object(read.values)) == #"{"device":"cpu"}"#)
    #expect(read.gpuCount == 0 && read.gpuIndex == nil)
  }

  @Test(
    "other texts are mistakes",
    arguments: ["gpu", "cuda:", "cuda:-1", "cuda:01", "cuda:999", "CPU"])
  func mistakes(text: String) throws {
    var read = try reader("device: '\(text)'")
    _ = read.device { true }
    #expect(
      read.diagnostics.map(\.message)
        == ["device: device is '\(text)', expected auto, cpu, cuda or cuda:N"])
    #expect(read.gpuCount == 0)
  }

  @Test("the schema asks no machine")
  func schema() {
    var read = ParameterReader(nil, owner: "toy")
    var asked = false
    _ = read.device {
      asked = true
      return true
    }
    #expect(!asked && read.declarations.map(\.key) == ["device"])
  }
}
