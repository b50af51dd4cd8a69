import CUDADevices
import Diagnostics
import EmulatedCards
import Foundation
import Testing

/// What is said where NVIDIA's libraries are not there, and the cache of compiled kernels.
@Suite struct LibraryTests {
  @Test("every way to fail has a code of its own, a cause and a fix")
  func codes() {
    let all = [
      CUDAProblem.noDriver("x"), CUDAProblem.noCard(2, of: 2), CUDAProblem.noCard(0, of: 0),
      CUDAProblem.driverTooOld("10.2", needs: "11.2"), CUDAProblem.cardTooOld("T4", "7.5"),
      CUDAProblem.noCompiler("x"), CUDAProblem.kernel("add", "x"),
      CUDAProblem.outOfMemory(asked: 1, free: nil, "x"), CUDAProblem.lostDevice("x", "y"),
      CUDAProblem.launch("x", "y", "z"),
    ].flatMap(\.diagnostics)
    #expect(Set(all.map(\.code)).count == all.count - 1)
    #expect(all.allSatisfy { $0.fix != nil })
    #expect(all[1].message == "there is no card 2, expected 0 to 1")
    #expect(all[2].message == "the driver shows no card")
  }

  @Test("what is missing here is said by the inventory")
  func inventory() {
    let inventory = CUDAInventory()
    if case .missing(let diagnostic) = inventory.driver {
      #expect(diagnostic.code.hasPrefix("cuda."))
      #expect(inventory.cards.isEmpty && !inventory.isUsable)
      #expect(throws: Failure.self) { try DriverDevice(index: 0) }
    }
  }

  @Test("a kept image is used, a damaged one is made anew, another key is another file")
  func cache() throws {
    let folder = NSTemporaryDirectory() + "kernels-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cache = KernelCache(folder: folder)
    var made = 0
    func image(_ key: [String]) throws -> [UInt8] {
      try cache.image(key) {
        made += 1
        return [1, 2, 3]
      }
    }
    #expect(try image(["a", "b"]) == [1, 2, 3])
    #expect(try image(["a", "b"]) == [1, 2, 3])
    #expect(made == 1)
    #expect(try image(["ab"]) == [1, 2, 3])
    #expect(made == 2)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let path = folder + "/" + name
      var bytes = try #require(FileManager.default.contents(atPath: path))
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    #expect(try image(["a", "b"]) == [1, 2, 3])
    #expect(made == 3)
    #expect(try image(["a", "b"]) == [1, 2, 3])
    #expect(made == 3)
  }

  @Test(
    "every source compiles where NVRTC is found (ORCHESTRATE_CUDA_PATH), and a wrong one is told")
  func compiler() throws {
    guard let compiler = try? Compiler(newestMajor: 0) else {
      print("skipped: no NVRTC here; set ORCHESTRATE_CUDA_PATH")
      return
    }
    let known = try compiler.target(90)
    #expect(known.name == "sm_90")
    for source in KernelSource.all {
      let image = try compiler.compile(source.text, name: source.topic, known)
      #expect(image.starts(with: [0x7F] + Array("ELF".utf8)), "\(source.topic)")
    }
    // A card of the future: PTX of the newest architecture that the compiler knows.
    let future = try compiler.target(9990)
    #expect(future.name.hasPrefix("compute_") && future.name != "compute_9990")
    let ptx = try compiler.compile(KernelSource.all[0].text, name: "rows", future)
    #expect(ptx.last == 0)
    let text = String(decoding: ptx, as: UTF8.self)
    #expect(text.contains(".target sm_") && text.contains(".entry orc_rms_norm("))
    #expect(throws: Failure.self) { try compiler.target(10) }
    let failure = try #require(throws: Failure.self) {
      try compiler.compile("__global__ void f() { nothing; }", name: "wrong", known)
    }
    let found = try #require(failure.diagnostics.first)
    #expect(found.code == "cuda.kernel" && found.message.contains("\"nothing\" is undefined"))
  }

  @Test("every kernel that is launched by name is in the sources")
  func sources() {
    #expect(KernelSource.all.count >= 10)
    #expect(
      KernelSource.all.allSatisfy { $0.text.contains("orc_") && !$0.text.contains("#include") })
  }
}
