/// Rows that are duplicates of each other, and which of them stay.
package struct DuplicateClusters: Sendable {
  /// A row of a cluster of two or more.
  package struct Member: Sendable, Hashable {
    package var row: UInt32
    /// The row that stands for it: itself when it stays.
    package var kept: UInt32
    /// With that row.
    package var similarity: Double

    package var isKept: Bool { row == kept }
  }

  package struct Cluster: Sendable, Hashable {
    package var kept: UInt32
    package var rows: Int
    /// 1 - the lowest similarity of two members.
    package var diameter: Double
    /// Whether all pairs were compared for it; otherwise it is a lower bound: the farthest member
    /// from the kept one, and the farthest from that.
    package var isDiameterExact: Bool
  }

  /// Clusters in order of their first member, members of each in order; with greedy clusters and
  /// `across`, a set of rows may give several.
  package var members: [Member] = []
  package var clusters: [Cluster] = []

  package init() {}

  mutating func append(_ other: DuplicateClusters) {
    members += other.members
    clusters += other.clusters
  }
}
