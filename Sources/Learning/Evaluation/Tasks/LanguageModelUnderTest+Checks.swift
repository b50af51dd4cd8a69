internal import Models

extension LanguageModelUnderTest {
  /// How far the adapter moves the logits of random tokens, and the base's largest logit; nil
  /// where the model is no adapter.
  package var adapterEffect: (largest: Float, logits: Float)? { model.adapterEffect() }
}
