internal import Diagnostics
private import Foundation
private import Reproducibility
private import StageKit

/// Errors that are not ours as failures with a class.
enum FailureTranslation {
  static func failure(_ error: any Error) -> Failure {
    if let failure = error as? Failure { return failure }
    if let command = error as? CommandFailure { return command.failure }
    let foreign = error as NSError
    let path = foreign.userInfo[NSFilePathErrorKey] as? String ?? "a file"
    if let number = posix(foreign) { return SystemError.failure("use", path, number) }
    return Diagnostic(
      "internal.unexpected",
      "an error nobody foresaw: \(SafeText.escaped(String(reflecting: type(of: error)))) "
        + "\(foreign.code)",
      fix: "report it with 'orchestrate logs'"
    ).failure(.internal)
  }

  /// The errno behind a Foundation error, or nil.
  private static func posix(_ error: NSError) -> Int32? {
    if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
    if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { return posix(inner) }
    guard error.domain == NSCocoaErrorDomain else { return nil }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileWriteOutOfSpace: return ENOSPC
    case .fileWriteNoPermission, .fileReadNoPermission: return EACCES
    case .fileWriteVolumeReadOnly: return EROFS
    case .fileNoSuchFile, .fileReadNoSuchFile: return ENOENT
    case .fileReadUnknown, .fileWriteUnknown: return EIO
    default: return nil
    }
  }
}
