private import Glibc

/// What to do while somebody else holds a lock.
package struct LockPatience: Sendable {
  /// True: wait until it is free. False: give up as soon as its holder is known to live.
  package var isPatient: Bool
  /// Told what is waited for, in a sentence; at most once per holder.
  package var notify: @Sendable (String) -> Void
  /// Sleeps for so many milliseconds; false when a stop was asked for meanwhile.
  package var pause: @Sendable (Int32) -> Bool

  package init(
    isPatient: Bool, notify: @escaping @Sendable (String) -> Void,
    pause: @escaping @Sendable (Int32) -> Bool = LockPatience.sleep
  ) {
    self.isPatient = isPatient
    self.notify = notify
    self.pause = pause
  }

  /// Waits for nobody.
  package static let none = LockPatience(isPatient: false, notify: { _ in })

  package static let sleep: @Sendable (Int32) -> Bool = { milliseconds in
    usleep(UInt32(milliseconds) * 1000)
    return true
  }
}
