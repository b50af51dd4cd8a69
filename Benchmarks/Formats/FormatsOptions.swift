/// What the command line asks for.
struct FormatsOptions {
  struct Problem: Error, CustomStringConvertible {
    var message: String
    var description: String { message }
  }

  let command: String
  private(set) var paths: [String] = []
  private(set) var threads = 1
  private(set) var repeats = 3
  private(set) var flags: Set<String> = []

  init(_ arguments: [String]) throws {
    command = arguments.first ?? ""
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--threads", "--repeat":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else {
          throw Problem(message: "\(argument) needs a number above 0")
        }
        if argument == "--threads" { threads = value } else { repeats = value }
      case _ where argument.hasPrefix("--"): flags.insert(argument)
      default: paths.append(argument)
      }
    }
  }

  func path(_ index: Int, _ name: String) throws -> String {
    guard paths.indices.contains(index) else {
      throw Problem(message: "\(command) needs \(name)\n\(FormatsBench.usage)")
    }
    return paths[index]
  }
}
