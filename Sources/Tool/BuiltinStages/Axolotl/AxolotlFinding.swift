package import Diagnostics

/// What became of one key of an Axolotl configuration.
package struct AxolotlFinding: Sendable, Hashable {
  package enum Verdict: String, Sendable, CaseIterable {
    /// It is in the pipeline with the same meaning.
    case carried
    /// It is in the pipeline in another form, or something is left to do.
    case changed
    /// It has no value, or switches off what is off here.
    case empty
    /// What it is about does not exist here, or is always so.
    case notNeeded = "not-needed"
    /// It has an effect in Axolotl that the pipeline will not have.
    case notSupported = "not-supported"
    /// Axolotl has no such key.
    case unknown
  }

  /// `learning_rate`, `datasets[0].type`
  package var key: String
  package var span: SourceSpan
  package var verdict: Verdict
  /// Where it went, why it was left out, or what to do.
  package var text: String
}
