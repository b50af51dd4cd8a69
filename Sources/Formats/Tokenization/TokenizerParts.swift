/// What a tokenizer is put together from, whatever file it comes from.
struct TokenizerParts {
  /// By id; nil where no token has the id.
  var texts: [String?]
  var names: ByteStringTable
  var model: TokenModel
  var normalizer: Normalizer
  var preTokenizer: PreTokenizer
  var postProcessor: PostProcessor
  var decoder: TokenDecoder
  var addedTokens: [AddedToken]
  var layout: @Sendable () -> TokenizerLayout
  var searchOrder = AddedTokenMatcher.Order.leftmostLongest
  var literals: Set<Int32> = []
  var bos: SpecialToken?
  var eos: SpecialToken?
  var pad: SpecialToken?
  var unknown: SpecialToken?
}
