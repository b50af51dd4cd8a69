import Diagnostics
import Documents
import Evaluation
import Foundation
import Records

/// A folder of task and data files that is removed with the value.
final class HarnessFolder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path = NSTemporaryDirectory() + "harness-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(text, name) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, _ name: String) throws {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// What making a suite complains of, as headlines and fixes without the folder.
  func complaints(
    _ names: [String], data: [String] = [], options: HarnessOptions = HarnessOptions()
  ) -> [String] {
    do {
      _ = try suite(names, data: data, options: options)
      return []
    } catch let failure as Failure {
      return failure.diagnostics.flatMap { diagnostic -> [String] in
        let head = DiagnosticRenderer().headline(diagnostic).dropLast()
        return ([String(head)] + (diagnostic.fix.map { ["fix: " + $0] } ?? []))
          .map { $0.replacing(path + "/", with: "") }
      }
    } catch {
      return ["\(error)"]
    }
  }

  func suite(
    _ names: [String], data: [String] = [], options: HarnessOptions = HarnessOptions()
  ) throws -> HarnessSuite {
    let placed = data.map { $0.replacing("=", with: "=\(path)/") }
    return try HarnessSuite(
      names, folders: [path], data: HarnessDataFiles(placed), options: options)
  }
}

/// Answers requests from a table.
struct TableModel: RequestModel {
  /// By the texts of a request, as ``key(_:)`` joins them.
  var answers: [String: ModelAnswer] = [:]
  var other: ModelAnswer?

  struct Unknown: Error, CustomStringConvertible {
    var description: String
  }

  func answers(to requests: [ModelRequest], progress: (Int) throws -> Void) throws -> [ModelAnswer]
  {
    try requests.map { request in
      let key = Self.key(Self.texts(request))
      guard let answer = answers[key] ?? other else {
        throw Unknown(description: "nothing is known of \(key.debugDescription)")
      }
      return answer
    }
  }

  static func key(_ texts: [String]) -> String { texts.joined(separator: "\u{1}") }

  /// Conversations as the stand-in model of the fixture renders them.
  static func texts(_ request: ModelRequest) -> [String] {
    switch request {
    case .continuation(let context, let continuation): [context, continuation]
    case .reply(let turns, let continuation):
      [rendered(.conversation(turns, tools: nil)), continuation]
    case .text(let text): [text]
    case .completion(let prompt, _): [rendered(prompt)]
    case .row, .preference: []
    }
  }

  private static func rendered(_ prompt: EvaluationPrompt) -> String {
    switch prompt {
    case .text(let text): text
    case .conversation(let turns, _):
      turns.map { "<\($0.role.rawValue)>\($0.content)\n" }.joined() + "<assistant>"
    }
  }
}
