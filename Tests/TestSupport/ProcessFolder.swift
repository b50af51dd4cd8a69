package import Foundation

extension Process {
  /// Says what to start, and in which folder.
  ///
  /// Foundation on Linux moves the whole process there and back for `currentDirectoryURL`, so that
  /// relative paths of tests beside it would lead elsewhere: `env -C` moves the child alone, which
  /// keeps its process number.
  package func start(_ program: String, _ arguments: [String], in folder: String) throws {
    executableURL = URL(fileURLWithPath: "/usr/bin/env")
    self.arguments = ["-C", folder, program] + arguments
    try run()
  }
}
