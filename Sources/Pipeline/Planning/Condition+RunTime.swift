internal import Diagnostics
internal import Documents
package import StageKit

extension Condition {
  /// The expression with its parameters filled in, when it reads a metric; nil when it does not.
  func open(_ text: String) -> Outcome? {
    var words: [RunCondition.Word] = []
    var places: [(stage: String, span: SourceSpan)] = []
    for (token, span) in tokens {
      switch token {
      case .end: continue
      case .open: words.append(.init(.sign, "("))
      case .close: words.append(.init(.sign, ")"))
      case .and: words.append(.init(.sign, "and"))
      case .or: words.append(.init(.sign, "or"))
      case .not: words.append(.init(.sign, "not"))
      case .comparison(let comparison): words.append(.init(.sign, comparison.rawValue))
      case .value(let value):
        words.append(.init(value.isPlain ? .plain : .quoted, value.text))
      case .metric(let stage, let name):
        words.append(.init(.metric, name, stage: stage))
        places.append((stage, span))
      }
    }
    return places.isEmpty ? nil : .open(RunCondition(text: text, words: words), places)
  }

  init(_ words: [RunCondition.Word]) {
    let node = Node(.scalar(.init("")), at: SourceSpan(file: "", line: 1))
    self.init(node, Interpolation(environment: [:]))
    for word in words { tokens.append((Self.token(word), node.span)) }
    tokens.append((.end, node.span))
  }

  private static func token(_ word: RunCondition.Word) -> Token {
    switch word.kind {
    case .plain: return .value(Value(text: word.text, isPlain: true))
    case .quoted: return .value(Value(text: word.text, isPlain: false))
    case .metric: return .metric(stage: word.stage ?? "", name: word.text)
    case .sign: break
    }
    switch word.text {
    case "(": return .open
    case ")": return .close
    case "and": return .and
    case "or": return .or
    case "not": return .not
    default: return Comparison(rawValue: word.text).map { .comparison($0) } ?? .end
    }
  }
}

extension RunCondition {
  /// Whether it holds.
  ///
  /// - Parameter facts: what a stage it names reported; nil when nothing is known of its result.
  /// - Throws: ``Failure`` of class `badInput` when a stage did not report the metric.
  package func holds(_ facts: (_ stage: String) throws -> ResultFacts?) throws -> Bool {
    let known = try words.map { word -> Word in
      guard word.kind == .metric, let stage = word.stage else { return word }
      let metrics = try facts(stage)?.metrics ?? [:]
      guard let value = metrics[word.text] else {
        throw Metrics.missing(word.text, in: metrics, stage, "'if: \(SafeText.escaped(text))'")
      }
      return Word(.plain, "\(value)")
    }
    var condition = Condition(known)
    do throws(Condition.Problem) {
      return try condition.result()
    } catch {
      throw error.diagnostic.failure(.badInput)
    }
  }
}
