/// How programs are run and tested.
package struct CodeTestSettings: Sendable, Hashable {
  /// A path, or a name that is looked up in PATH.
  package var interpreter: String
  /// Before `-c`. The default leaves out the user's packages and writes no compiled files.
  package var arguments: [String]
  /// Of wall-clock time for a program and its test together; human-eval's default.
  package var seconds: Double
  /// Of address space, for each process.
  package var memoryMiB: Int
  /// Programs at once.
  package var threads: Int
  /// Runs programs without walls where no sandbox can be made (`unsafe_exec`).
  package var allowsUnsafe: Bool

  package init(
    interpreter: String = "python3", arguments: [String] = ["-s", "-B"], seconds: Double = 3,
    memoryMiB: Int = 1024, threads: Int = 1, allowsUnsafe: Bool = false
  ) {
    self.interpreter = interpreter
    self.arguments = arguments
    self.seconds = seconds
    self.memoryMiB = memoryMiB
    self.threads = threads
    self.allowsUnsafe = allowsUnsafe
  }
}
