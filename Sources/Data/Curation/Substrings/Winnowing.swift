/// Picks fingerprints of a text so that equal passages have one picked at the same place.
///
/// Of every `span` hashes next to each other the smallest is picked, the last of equal ones
/// (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003); about 2 / (span + 1) of all.
enum Winnowing {
  /// Calls `body` with each hash that is picked; with all of a text that has fewer than `span`.
  static func forEachPicked(
    _ hashes: ArraySlice<UInt32>, span: Int, _ body: (UInt32) -> Void
  ) {
    var least = hashes.startIndex
    var last = -1
    for start in hashes.startIndex..<max(hashes.startIndex, hashes.endIndex - span + 1) {
      if start == hashes.startIndex || least < start {
        least = start
        for place in start..<(start + span) where hashes[place] <= hashes[least] { least = place }
      } else if hashes[start + span - 1] <= hashes[least] {
        least = start + span - 1
      }
      if least != last {
        body(hashes[least])
        last = least
      }
    }
  }
}
