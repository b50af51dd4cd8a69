package import RunStore

/// A place that a run is exported to. Used from the one thread of a ``TrackingQueue``.
package protocol Tracker: AnyObject {
  /// For messages: `tensorboard`, `mlflow`.
  var name: String { get }

  /// Takes events in their order.
  ///
  /// - Throws: ``Failure``; the queue then leaves this tracker alone.
  func take(_ events: [RunEvent]) throws

  /// Nothing more comes.
  func finish() throws
}
