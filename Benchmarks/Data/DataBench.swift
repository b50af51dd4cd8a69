import Foundation

/// Speed of what reads and curates data, one case per command; `Scripts/bench-json.sh` sets the
/// numbers of `json` beside those of its peer.
@main
enum DataBench {
  static let usage = """
    usage: data-bench json FILE.jsonl [--repeat N]
    """ + "\n" + DedupBench.usage

  static func main() {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      switch arguments.first {
      case "json": try JSONBench(Array(arguments.dropFirst())).run()
      case "dedup-records": try DedupBench.makeRecords(Array(arguments.dropFirst()))
      case "dedup": try DedupBench(Array(arguments.dropFirst())).run()
      default: throw Problem(message: usage)
      }
    } catch {
      FileHandle.standardError.write(Data("data-bench: \(error)\n".utf8))
      exit(64)
    }
  }

  struct Problem: Error, CustomStringConvertible {
    var message: String
    var description: String { message }
  }

  /// Seconds of user and system time that this process has used, on all threads.
  static var processorSeconds: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }
}
