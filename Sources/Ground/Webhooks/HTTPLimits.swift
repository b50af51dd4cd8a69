/// What a client may ask of the server.
package struct HTTPLimits: Sendable {
  package var headBytes = 16 << 10
  package var headers = 100
  /// GitHub's own bound of a delivery.
  package var bodyBytes = 25 << 20
  /// Of bodies that are on their way, all together.
  package var bufferedBytes = 64 << 20
  package var connections = 64
  /// From the connection to the end of the head.
  package var headSeconds = 5.0
  /// From the connection to the end of the body.
  package var requestSeconds = 30.0
  /// For the client to take its answer.
  package var answerSeconds = 5.0

  package init() {}
}
