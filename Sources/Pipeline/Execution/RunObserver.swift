package import RunStore

/// Who watches a run: a terminal, plain lines, NDJSON.
package protocol RunObserver: AnyObject {
  func receive(_ event: RunEvent)
  /// Called about ten times a second.
  func tick()
  /// A first request to stop came.
  func stopping(signal: Int32)
}

extension RunObserver {
  package func tick() {}
  package func stopping(signal: Int32) {}
}
