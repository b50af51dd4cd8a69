internal import Diagnostics
private import Foundation
private import Glibc
private import Processes

/// The user's Python, as it names itself.
struct PythonInterpreter: Sendable, Hashable {
  /// The program that Python says it is; by it Python finds its libraries and its virtual
  /// environment.
  let path: String
  /// The file that the program links to, and the folders of its installation.
  let folders: [String]

  /// Finds the interpreter and asks it where it lives; the user's own program runs with the user's
  /// rights for that.
  ///
  /// - Throws: ``Failure`` of class `badInput` when there is none, or it is no Python 3.
  static func find(_ name: String, arguments: [String]) throws -> PythonInterpreter {
    guard let found = name.contains("/") ? name : lookUp(name), access(found, X_OK) == 0 else {
      let place = name.contains("/") ? "" : " in PATH"
      throw Diagnostic(
        "code.no-interpreter",
        "code tests need '\(SafeText.escaped(name))', and there is none\(place)",
        fix: "install Python 3 (apt-get install python3), or name the interpreter's path"
      ).failure(.badInput)
    }
    let command = LimitedCommand(
      [absolute(found)] + arguments + ["-c", question], seconds: 20, memoryMiB: 1 << 20)
    let result = try command.run(input: [])
    let lines = String(decoding: result.output, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard result.end == .exit(.exited(0)), lines.count >= 3, lines[0] == "3" else {
      throw Diagnostic(
        "code.interpreter", "'\(SafeText.escaped(found))' does not answer as Python 3 does",
        fix: "name the path of a Python 3"
      ).failure(.badInput)
    }
    let folders = Set(lines[2...].map(String.init)).filter { $0.hasPrefix("/") && $0 != "/" }
    return PythonInterpreter(path: String(lines[1]), folders: folders.sorted())
  }

  /// Python's major version, its program, the file behind it, and the folders of its installation
  /// and of the virtual environment it may be in. A home folder is none of them, nor what links of
  /// installed packages point to.
  private static let question = """
    import os, sys
    real, home = os.path.realpath, os.path.realpath(os.path.expanduser("~"))
    place, name = os.path.split(sys.executable)
    folders = [real(p) for p in (sys.prefix, sys.base_prefix)]
    print(sys.version_info[0], os.path.join(real(place), name), sep="\\n")
    print(real(sys.executable))
    print(*[f for f in folders if f not in ("/", home)], sep="\\n")
    """

  private static func lookUp(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
