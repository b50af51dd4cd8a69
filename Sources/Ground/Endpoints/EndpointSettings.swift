package import Documents

/// An endpoint, its model, and how it is asked.
package struct EndpointSettings: Sendable {
  package var address: EndpointAddress
  package var method: EndpointMethod
  package var model: String
  /// Members added to every request.
  package var extra: [JSONMember]
  /// Requests on their way at once.
  package var concurrency: Int
  package var limits: HTTPLimits
  package var retries: RetryRule
  /// Whether a prompt that the endpoint will not answer (400, 413, 422) gives a refused answer
  /// instead of an error.
  package var acceptsRefusals: Bool

  package init(
    _ address: EndpointAddress, _ method: EndpointMethod = .chat, model: String,
    extra: [JSONMember] = [], concurrency: Int = 4, limits: HTTPLimits = HTTPLimits(),
    retries: RetryRule = RetryRule(), acceptsRefusals: Bool = false
  ) {
    self.address = address
    self.method = method
    self.model = model
    self.extra = extra
    self.concurrency = concurrency
    self.limits = limits
    self.retries = retries
    self.acceptsRefusals = acceptsRefusals
  }

  package var url: String { address.url(method) }
}
