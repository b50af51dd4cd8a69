import Diagnostics
import Foundation
import Reproducibility
import RunStore
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite struct RegistryTests {
  let folder: TemporaryFolder
  let registry: RegistryFolder

  init() throws {
    folder = try TemporaryFolder()
    registry = RegistryFolder(path: folder.path + "/registry")
  }

  static func manifest(
    _ model: UInt8, name: String = "triage", decision: Verdict.Decision = .pass, gate: UInt8 = 9,
    aliases: [String] = ["challenger"]
  ) -> VersionManifest {
    var lineage = Lineage()
    lineage.base = [Digest(of: [100])]
    lineage.data = [Digest(of: [101]), Digest(of: [102])].sorted()
    lineage.recipe = Digest(of: [103, model])
    lineage.licenses = [
      LicenseNote("./rows.jsonl", license: "MIT"), LicenseNote("x", license: nil),
    ]
    return VersionManifest(
      name: name, aliases: aliases, model: Digest(of: [model]), lineage: lineage,
      verdictArtifact: Digest(of: [gate]),
      verdict: Verdict(
        decision: decision,
        rules: [.init(rule: "at least 0.8", decision: decision, sentence: "it is 0.7")]),
      scores: [.init(task: "t", metric: "m", rows: 5, value: 0.7, lower: 0.5, upper: nil)])
  }

  @discardableResult
  func register(_ manifest: VersionManifest) throws -> (ModelRegistry.Version, Bool) {
    let (version, isNew) = try registry.register(
      manifest, artifact: Digest(of: [50]), code: CodeIdentity(tool: "0.1.0", stages: ["sft": 4]),
      origin: VersionOrigin(
        pipeline: "p", run: 3, requests: ["sft": Digest(of: [60])],
        commit: String(repeating: "a", count: 40)), at: 1000.5)
    return (version, isNew)
  }

  func code(_ body: () throws -> Void) -> (String, FailureClass)? {
    do {
      try body()
      return nil
    } catch let failure as Failure {
      return (failure.diagnostics[0].code, failure.failureClass)
    } catch {
      return nil
    }
  }

  func champion() throws -> Int? {
    try registry.read().version(at: "champion", of: "triage")?.number
  }

  // MARK: - Versions

  @Test("versions are counted for each name, and read back as they were written")
  func versions() throws {
    #expect(try registry.read().names == [])
    let (first, isNew) = try register(Self.manifest(1))
    #expect(isNew && first.number == 1)
    #expect(try register(Self.manifest(2)).0.number == 2)
    #expect(try register(Self.manifest(1, name: "other")).0.number == 1)
    let read = try registry.read()
    #expect(read.names == ["other", "triage"])
    #expect(read.version(1, of: "triage")?.manifest == Self.manifest(1))
    #expect(read.version(1, of: "triage")?.registration.origin.commit?.count == 40)
    #expect(read.version(1, of: "triage")?.registration.code.stages == ["sft": 4])
    #expect(read.version(at: "challenger", of: "triage")?.number == 2)
    #expect(read.versions(ofModel: Digest(of: [1])).map(\.manifest.name) == ["other", "triage"])
    #expect(read.roots == [Digest(of: [50])])
    #expect(read.records.map(\.number) == Array(1...6))
  }

  @Test("the same model of the same making is registered once; a new verdict is added to it")
  func again() throws {
    try register(Self.manifest(1))
    try register(Self.manifest(2))
    let count = try registry.read().records.count
    #expect(try register(Self.manifest(1)).1 == false)
    #expect(try registry.read().records.count == count)
    let (version, isNew) = try register(Self.manifest(1, decision: .refused, gate: 10))
    #expect(!isNew && version.number == 1 && version.verdict.decision == .refused)
    #expect(version.verdictArtifact == Digest(of: [10]))
    // Its alias stays where a newer version has put it.
    #expect(try registry.read().version(at: "challenger", of: "triage")?.number == 2)
  }

  // MARK: - Promotion

  @Test("promotion, rollback and a second rollback walk through the history")
  func walk() throws {
    for model in 1...3 { try register(Self.manifest(UInt8(model))) }
    for number in 1...3 { try registry.promote("triage", to: number, alias: "champion", at: 2) }
    #expect(try champion() == 3)
    #expect(try registry.promote("triage", to: 3, alias: "champion", at: 2) == nil)
    try registry.rollBack("triage", alias: "champion", reason: "slow", at: 3)
    #expect(try champion() == 2)
    try registry.rollBack("triage", alias: "champion", at: 3)
    #expect(try champion() == 1)
    #expect(
      code { try registry.rollBack("triage", alias: "champion", at: 3) }?.0
        == "registry.no-rollback")
    try registry.promote("triage", to: 3, alias: "champion", at: 4)
    #expect(try registry.read().stack(of: "champion", "triage") == [1, 3])
    #expect(
      code { try registry.rollBack("triage", alias: "champion", to: 2, at: 5) }?.1 == .usage)
    try registry.rollBack("triage", alias: "champion", to: 1, at: 5)
    #expect(try champion() == 1)
    #expect(try registry.read().wasEver(2, at: "champion", of: "triage"))
    #expect(try !registry.read().wasEver(2, at: "other", of: "triage"))
  }

  @Test("a version that its gate did not let pass is promoted by force and with a reason only")
  func force() throws {
    for (model, decision) in [(UInt8(1), Verdict.Decision.refused), (2, .inconclusive)] {
      try register(Self.manifest(model, decision: decision))
      let found = code { try registry.promote("triage", to: Int(model), alias: "champion", at: 2) }
      #expect(found?.0 == "registry.refused" && found?.1 == .refused)
      #expect(try champion() == (model == 1 ? nil : 1))
      let record = try registry.promote(
        "triage", to: Int(model), alias: "champion", forcedBy: "the test set was wrong", at: 2)
      guard case .alias(let move)? = record?.body else { throw Failure([], .internal) }
      #expect(move.isForced && move.reason == "the test set was wrong")
    }
  }

  @Test("a promotion that saw another champion than there is now is refused")
  func fenced() throws {
    for model in 1...3 { try register(Self.manifest(UInt8(model))) }
    let seen = try registry.read().moved("champion", of: "triage")
    #expect(seen == 0)
    try registry.promote("triage", to: 1, alias: "champion", expecting: seen, at: 2)
    let late = code {
      try registry.promote("triage", to: 2, alias: "champion", expecting: seen, at: 2)
    }
    #expect(late?.0 == "registry.moved" && late?.1 == .locked)
    #expect(try champion() == 1)
    let now = try registry.read().moved("champion", of: "triage")
    try registry.promote("triage", to: 2, alias: "champion", expecting: now, at: 2)
    #expect(try champion() == 2)
  }

  @Test("names that are not there are told with the nearest one")
  func unknown() throws {
    try register(Self.manifest(1))
    for body in [
      { try registry.promote("triag", to: 1, alias: "champion", at: 1) },
      { try registry.promote("triage", to: 7, alias: "champion", at: 1) },
      { try registry.rollBack("triage", alias: "champion", at: 1) },
    ] as [() throws -> Any?] {
      #expect(code { _ = try body() }?.1 == .usage)
    }
    do {
      try registry.promote("triag", to: 1, alias: "champion", at: 1)
    } catch let failure as Failure {
      #expect(failure.diagnostics[0].fix == "did you mean 'triage'?")
    }
  }

  // MARK: - The folder

  @Test("many writers leave every record once, without gaps")
  func writers() async throws {
    let path = registry.path
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let own = RegistryFolder(path: path)
          for index in 0..<10 {
            _ = try? own.register(
              Self.manifest(UInt8(writer * 10 + index + 1), aliases: []),
              artifact: Digest(of: [1]), code: CodeIdentity(tool: "", stages: [:]),
              origin: VersionOrigin(pipeline: "p", run: 1, requests: [:]), at: 1)
          }
        }
      }
    }
    let read = try registry.read()
    #expect(read.versions(of: "triage").map(\.number) == Array(1...80))
    #expect(Set(read.versions(of: "triage").map(\.manifest.model)).count == 80)
    #expect(try DurableFile.names(in: path).filter { $0.hasPrefix(".tmp") } == [])
  }

  final class Tally: Sendable {
    let done = Mutex(0)
    let refused = Mutex(0)
  }

  @Test("of many promotions that saw the same champion one is done")
  func race() async throws {
    for model in 1...8 { try register(Self.manifest(UInt8(model))) }
    let path = registry.path
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for number in 1...8 {
        group.addTask {
          do {
            try RegistryFolder(path: path).promote(
              "triage", to: number, alias: "champion", expecting: 0, at: 1)
            tally.done.withLock { $0 += 1 }
          } catch { tally.refused.withLock { $0 += 1 } }
        }
      }
    }
    #expect(tally.done.withLock { $0 } == 1)
    #expect(tally.refused.withLock { $0 } == 7)
  }

  @Test("a number that is taken behind the lock's back is seen, and the change is decided anew")
  func taken() throws {
    try register(Self.manifest(1))
    try register(Self.manifest(2))
    var isFirst = true
    let result = try registry.append(at: 5) { state in
      if isFirst {
        isFirst = false
        let body = RegistryRecord.Body.alias(
          .init(name: "triage", alias: "champion", version: 2, was: nil, cause: .promote))
        let rival = RegistryRecord(
          number: state.records.count + 1, previous: state.head, time: 5, body: body)
        try DurableFile.write(rival.bytes, to: registry.path + "/0000000\(rival.number).json")
      }
      return [
        .alias(
          .init(
            name: "triage", alias: "champion", version: 1,
            was: state.version(at: "champion", of: "triage")?.number, cause: .promote))
      ]
    }
    guard case .alias(let move)? = result.records.last?.body else { throw Failure([], .internal) }
    #expect(move.was == 2 && move.version == 1)
    #expect(try registry.read().records.count == result.records.count)
  }

  @Test("a record that is changed, missing or cut is told by its number")
  func damage() throws {
    for model in 1...3 { try register(Self.manifest(UInt8(model))) }
    let second = registry.path + "/00000002.json"
    let bytes = try DurableFile.read(second)
    let text = String(decoding: bytes, as: UTF8.self)
    for damage in [
      Array(text.replacing("\"version\":1", with: "\"version\":2").utf8),
      Array(bytes.dropLast(9)), [], Array(text.replacing("registry.1", with: "registry.9").utf8),
    ] {
      try DurableFile.write(damage, to: second)
      let found = code { _ = try registry.read() }
      #expect(found?.0 == "registry.damaged" && found?.1 == .io)
    }
    try DurableFile.remove(second)
    #expect(code { _ = try registry.read() }?.0 == "registry.damaged")
    #expect(code { try register(Self.manifest(4)) }?.0 == "registry.damaged")
    try DurableFile.write(bytes, to: second)
    #expect(try registry.read().names == ["triage"])
  }

  @Test("where the registry lies")
  func place() {
    func path(_ environment: [String: String]) -> String {
      RegistryFolder(state: "/p/.orchestrate", environment: environment).path
    }
    #expect(path([:]) == "/p/.orchestrate/registry")
    #expect(path(["ORCHESTRATE_CACHE": "/c"]) == "/c/registry")
    #expect(path(["ORCHESTRATE_CACHE": "/c", "ORCHESTRATE_REGISTRY": "/r"]) == "/r")
    #expect(
      path(["ORCHESTRATE_CACHE": "", "ORCHESTRATE_REGISTRY": ""]) == "/p/.orchestrate/registry")
  }

  @Test("what a project registered is kept in its database, once")
  func mirror() throws {
    let store = try RunStore.open(folder.path + "/state.sqlite")
    let run = try store.createRun(RunStoreTests.spec, at: 1)
    let record = RegisteredRecord(
      registry: "/r", name: "triage", version: 1, artifact: Digest(of: [1]), model: Digest(of: [2]),
      fingerprint: Digest(of: [3]), run: run.id)
    try store.insert(record, at: 1)
    try store.insert(record, at: 2)
    #expect(try store.registered() == [record])
  }
}
