import Diagnostics
import Foundation
import Processes
import Synchronization
import TestSupport
import Testing

@Suite struct FileLockTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/lock" }

  init() throws { folder = try TemporaryFolder() }

  @Test("whoever comes second is told within a second who holds the lock since when")
  func named() throws {
    let held = try FileLock(path: path)
    let began = ContinuousClock.now
    do {
      _ = try FileLock(path: path)
      Issue.record("the lock was taken twice")
    } catch let failure as Failure {
      #expect(ContinuousClock.now - began < .seconds(1))
      #expect(failure.failureClass == .locked)
      let message = failure.diagnostics[0].message
      #expect(message.contains("process \(getpid()) since 20"))
      #expect(message.contains(" UTC ('orchestrate"))
    }
    let holder = try #require(FileLock.holder(path))
    #expect(holder.process == .current)
    #expect(holder.host == HostIdentity.name)
    #expect(FileLock.isHeld(path))
    withExtendedLifetime(held) {}
  }

  @Test("a lock that was given back names nobody and is free")
  func released() throws {
    do { withExtendedLifetime(try FileLock(path: path)) {} }
    #expect(!FileLock.isHeld(path))
    #expect(FileLock.holder(path) == nil)
    withExtendedLifetime(try FileLock(path: path)) {}
  }

  @Test("one that is gone is not named for the one that holds the lock")
  func stale() throws {
    let held = try FileLock(path: path)
    var gone = LockHolder.current
    gone.process = ProcessIdentity(bootID: HostIdentity.bootID, pid: 1, startTicks: .max)
    try folder.write("lock", gone.bytes)
    do {
      _ = try FileLock(path: path)
      Issue.record("the lock was taken twice")
    } catch let failure as Failure {
      #expect(!failure.diagnostics[0].message.contains("process 1 "))
    }
    withExtendedLifetime(held) {}
  }

  @Test("the patient one is told once, and has the lock as soon as it is free")
  func patience() throws {
    let told = Mutex<[String]>([])
    let held = Mutex<FileLock?>(try FileLock(path: path))
    let patience = LockPatience(
      isPatient: true, notify: { sentence in told.withLock { $0.append(sentence) } },
      pause: { _ in
        // The second time it looks, the lock is free.
        if told.withLock({ $0.count }) == 1 { held.withLock { $0 = nil } }
        return true
      })
    withExtendedLifetime(try FileLock(path: path, patience: patience)) {}
    let sentences = told.withLock { $0 }
    #expect(sentences.count == 1)
    #expect(sentences[0].hasPrefix("waiting for process \(getpid()) since "))
  }

  @Test("a stop ends the waiting")
  func stopped() throws {
    let held = try FileLock(path: path)
    let patience = LockPatience(isPatient: true, notify: { _ in }, pause: { _ in false })
    #expect(throws: CancellationError.self) { _ = try FileLock(path: path, patience: patience) }
    withExtendedLifetime(held) {}
  }

  @Test("a clock out of its mind is no reason to fail")
  func clock() {
    var holder = LockHolder.current
    for since in [-1e300, 1e300, .nan, 0] {
      holder.since = since
      #expect(holder.text.hasPrefix("process "))
    }
    #expect(holder.text.contains("1970-01-01 00:00:00 UTC"))
  }
}
