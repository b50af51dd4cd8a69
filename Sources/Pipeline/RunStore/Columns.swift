private import Diagnostics
private import Foundation
internal import GRDB
internal import Reproducibility

/// Values in columns: `Codable` ones as JSON text with sorted keys.
enum Column {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func value<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw Diagnostic(
        "store.damaged", "a record of 'state.sqlite' cannot be read",
        fix:
          "'orchestrate verify --repair' sets it aside, 'orchestrate restore' brings a backup back"
      ).failure(.io)
    }
  }

  static func digest(_ text: String?) -> Digest? { text.flatMap(Digest.init(hex:)) }
}
