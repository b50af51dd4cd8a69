import BlockFormats
import Diagnostics
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  @Test("what is written is read back, in the reference's order and alignment")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.safetensors"
    try SafetensorsWriter.write(
      [
        OutputTensor(name: "b", type: .BF16, shape: [3], floats: { [1, 2, 3.001] }),
        OutputTensor(name: "a", type: .F16, shape: [2], floats: { [0.5, -2] }),
        OutputTensor(name: "z", shape: [2, 2], floats: { [1, 2, 3, 4] }),
        OutputTensor(name: "é\n", type: .I64, shape: [], bytes: { [7, 0, 0, 0, 0, 0, 0, 0] }),
        OutputTensor(name: "none", shape: [0, 4], floats: { [] }),
      ], to: path)
    let bytes = try SharedMaterial.bytes(path)
    let header =
      #"{"__metadata__":{"format":"pt"},"é\n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
      + #""none":{"dtype":"F32","shape":[0,4],"data_offsets":[8,8]},"#
      + #""z":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},"#
      + #""b":{"dtype":"BF16","shape":[3],"data_offsets":[24,30]},"#
      + #""a":{"dtype":"F16","shape":[2],"data_offsets":[30,34]}}"#
    #expect(bytes[0] % 8 == 0)
    #expect(String(decoding: bytes[8..<8 + header.utf8.count], as: UTF8.self) == header)
    let file = try SafetensorsFile(path: path)
    #expect(file.names == ["a", "b", "none", "z", "é\n"])
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entry("z")?.shape == [2, 2])
    #expect(try file.floats("z") == [1, 2, 3, 4])
    #expect(try file.floats("a") == [0.5, -2])
    #expect(try file.floats("b") == [1, 2, 3])
    #expect(try file.floats("none") == [])
    #expect(throws: Failure.self) { _ = try file.floats("é\n") }
    #expect(throws: Failure.self) { _ = try file.floats("c") }
  }

  @Test("a tensor that is out of range leaves no file")
  func range() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.safetensors"
    #expect(throws: Failure.self) {
      try SafetensorsWriter.write(
        [OutputTensor(name: "a", type: .F16, shape: [1], floats: { [1e6] })], to: path)
    }
    #expect(throws: Failure.self) { _ = try SafetensorsFile(path: path) }
  }

  @Test("messages name file, tensor and numbers")
  func messages() throws {
    let folder = try TemporaryFolder()
    func message(_ header: String, data: Int) throws -> String? {
      var length = header.utf8.count
      var bytes: [UInt8] = []
      for _ in 0..<8 {
        bytes.append(UInt8(length & 255))
        length >>= 8
      }
      let path = try folder.write("bad.safetensors", "")
      let text =
        String(decoding: bytes, as: UTF8.self) + header + String(repeating: "x", count: data)
      try folder.write("bad.safetensors", text)
      do {
        _ = try SafetensorsFile(path: path)
        return nil
      } catch let failure as Failure {
        return failure.diagnostics.first?.message.replacing(folder.path + "/", with: "")
      }
    }
    #expect(
      try message(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: 4)
        == "bad.safetensors: the tensor 'w' is F32[2], 8 bytes, but its offsets give 4")
    #expect(
      try message(#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, data: 1)
        == "bad.safetensors: the tensors need 2 bytes, the file holds 1")
    #expect(try message(#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, data: 2) == nil)
  }

  @Test(
    "a real file is written again byte for byte",
    .enabled(if: SharedMaterial.models.exists, "../shared/models is absent (set MODELS)"))
  func sameBytes() throws {
    let path = SharedMaterial.models.path("stories260k/model.safetensors")
    let file = try SafetensorsFile(path: path)
    let folder = try TemporaryFolder()
    let tensors = try file.names.map { name in
      let entry = try #require(file.entry(name))
      return OutputTensor(name: name, type: entry.type, shape: entry.shape) {
        try file.withBytes(name) { Array($0) }
      }
    }
    let digest = try SafetensorsWriter.write(tensors, to: folder.path + "/copy.safetensors")
    #expect(digest == Digest(of: try SharedMaterial.bytes(path)))
  }

  @Test("a header whose length begins like a pickle is read")
  func pickleLength() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/t.safetensors"
    for length in [128, 384, 640] {
      var text = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
      text += String(repeating: " ", count: length - text.utf8.count)
      let prefix = withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) }
      try folder.write("t.safetensors", prefix + Array(text.utf8) + [0, 0, 0x80, 0x3F])
      #expect(try SafetensorsFile(path: path).floats("a") == [1])
    }
    try folder.write("t.safetensors", [0x80, 2] + [UInt8](repeating: 0x7B, count: 30))
    let failure = #expect(throws: Failure.self) { _ = try SafetensorsFile(path: path) }
    #expect(failure?.diagnostics.first?.code == "safetensors.pickle")
  }
}
