private import Diagnostics
internal import Documents
private import Foundation
internal import GRDB
internal import Reproducibility
internal import StageKit

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
      throw damaged
    }
  }

  static func digest(_ text: String?) -> Digest? { text.flatMap(Digest.init(hex:)) }

  // MARK: - Written and read by the thousand, without Foundation's coders

  static func json(_ text: String) throws -> JSONValue {
    do {
      return try JSONReader.parse(Array(text.utf8), file: "a record of the database")
    } catch { throw damaged }
  }

  /// - Parameter reference: `run.spec`: the spec itself in older runs, else the digest of the one that
  ///   runs share.
  static func spec(_ text: String, sharedBy reference: String) throws -> RunSpec {
    if reference != text, reference != #"{"spec":"\#(Digest(of: text.utf8).hex)"}"# {
      throw damaged
    }
    return try RunSpec(json: json(text))
  }

  static func text(_ digests: [String: Digest]) -> String {
    text(digests.mapValues(\.hex))
  }

  static func text(_ texts: [String: String]) -> String {
    let members = texts.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
    return JSONWriter.compact(.object(members))
  }

  static func texts(_ text: String) throws -> [String: String] {
    guard let members = try json(text).objectValue else { throw damaged }
    var texts: [String: String] = [:]
    for member in members {
      guard let value = member.value.stringValue else { throw damaged }
      texts[member.key] = value
    }
    return texts
  }

  static func digests(_ text: String) throws -> [String: Digest] {
    try texts(text).mapValues { text in
      guard let digest = Digest(hex: text) else { throw damaged }
      return digest
    }
  }

  static func strings(_ text: String) throws -> [String] {
    guard let items = try json(text).arrayValue else { throw damaged }
    return try items.map { item in
      guard let value = item.stringValue else { throw damaged }
      return value
    }
  }

  /// `["<digest>",size,…]`
  static func text(_ objects: [ResultObject]) -> String {
    JSONWriter.compact(
      .array(objects.flatMap { [.string($0.digest.hex), .integer(Int64($0.size))] }))
  }

  static func objects(_ text: String?) throws -> [ResultObject]? {
    guard let text else { return nil }
    guard let items = try json(text).arrayValue, items.count.isMultiple(of: 2) else {
      throw damaged
    }
    return try stride(from: 0, to: items.count, by: 2).map { index in
      guard let digest = items[index].stringValue.flatMap(Digest.init(hex:)),
        let size = items[index + 1].integerValue
      else { throw damaged }
      return ResultObject(digest: digest, size: size)
    }
  }

  private static var damaged: any Error {
    Diagnostic(
      "store.damaged", "a record of 'state.sqlite' cannot be read",
      fix:
        "'orchestrate verify --repair' sets it aside, 'orchestrate restore' brings a backup back"
    ).failure(.io)
  }
}
