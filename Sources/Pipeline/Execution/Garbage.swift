package import Reproducibility

/// What a project keeps and nobody needs, by kind.
package struct Garbage: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case manifests, objects, checkpoints, chunks, answers, externals, damaged, logs
  }

  package struct Item: Sendable, Hashable {
    package var path: String
    package var bytes: Int
  }

  /// Results that are forgotten, before their files go.
  package var results: [Digest] = []
  /// Objects among ``items``, whose stamps are forgotten.
  package var objects: [Digest] = []
  package var items: [Kind: [Item]] = [:]

  package var count: Int { items.values.reduce(0) { $0 + $1.count } }
  package var bytes: Int { items.values.joined().reduce(0) { $0 + $1.bytes } }
  package var isEmpty: Bool { results.isEmpty && count == 0 }

  package func bytes(_ kind: Kind) -> Int { (items[kind] ?? []).reduce(0) { $0 + $1.bytes } }
}
