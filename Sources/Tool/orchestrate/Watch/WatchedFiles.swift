import BuiltinStages
import Foundation
import Planning
import StageKit

/// The files that a pipeline reads, by what the file system says of them.
struct WatchedFiles {
  let pipeline: String
  let parameters: [String]

  /// Path → identity and last change. The pipeline file alone while it cannot be read.
  func stamps() -> [String: FileStamp] {
    var paths = [pipeline]
    let loaded = try? Planner.load(
      pipeline, overrides: parameters, environment: ProcessInfo.processInfo.environment,
      catalogue: .builtin)
    if let loaded { paths += loaded.watchedPaths }
    var stamps: [String: FileStamp] = [:]
    for path in paths { stamps[path] = FileStamp(ofFile: path) }
    return stamps
  }

  /// Paths that differ, in order.
  static func changes(_ old: [String: FileStamp], _ new: [String: FileStamp]) -> [String] {
    Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
  }
}
