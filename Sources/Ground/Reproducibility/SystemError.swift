package import Diagnostics
private import Glibc

/// A refusal of the operating system, as a failure a user can act on.
package enum SystemError {
  /// `cannot write '/x/y': No space left on device (ENOSPC)`, of class `io`, or `permission` for
  /// EACCES and EPERM.
  ///
  /// - Parameters:
  ///   - action: the verb: `write`, `open`, `rename`.
  ///   - number: an errno; by default the last one of this thread.
  package static func failure(_ action: String, _ path: String, _ number: Int32 = errno) -> Failure
  {
    let isPermission = number == EACCES || number == EPERM
    return Diagnostic(
      "io.\(name(number).lowercased())",
      "cannot \(action) '\(SafeText.escaped(path, limit: 300))': "
        + "\(String(cString: strerror(number)).lowercased()) (\(name(number)))",
      fix: fix(number)
    ).failure(isPermission ? .permission : .io)
  }

  /// `ENOSPC`, or `errno 123` for one without a name here.
  package static func name(_ number: Int32) -> String { names[number] ?? "errno \(number)" }

  private static func fix(_ number: Int32) -> String? {
    switch number {
    case ENOSPC, EDQUOT: "free some space, then type 'orchestrate resume'"
    case EMFILE, ENFILE: "raise the limit of open files ('ulimit -n'), then resume"
    case EROFS: "the file system is read-only: choose another folder with '--project'"
    case EACCES, EPERM: "check the owner and mode of the file and its folder"
    default: nil
    }
  }

  private static let names: [Int32: String] = [
    EPERM: "EPERM", ENOENT: "ENOENT", EINTR: "EINTR", EIO: "EIO", EBADF: "EBADF",
    EAGAIN: "EAGAIN", ENOMEM: "ENOMEM", EACCES: "EACCES", EBUSY: "EBUSY", EEXIST: "EEXIST",
    EXDEV: "EXDEV", ENOTDIR: "ENOTDIR", EISDIR: "EISDIR", EINVAL: "EINVAL", ENFILE: "ENFILE",
    EMFILE: "EMFILE", ETXTBSY: "ETXTBSY", EFBIG: "EFBIG", ENOSPC: "ENOSPC", ESPIPE: "ESPIPE",
    EROFS: "EROFS", EMLINK: "EMLINK", EPIPE: "EPIPE", ENAMETOOLONG: "ENAMETOOLONG",
    ENOTEMPTY: "ENOTEMPTY", ELOOP: "ELOOP", EDQUOT: "EDQUOT", ESTALE: "ESTALE",
    ENOSYS: "ENOSYS", EOPNOTSUPP: "EOPNOTSUPP",
  ]
}
