internal import CLibYAML
internal import Diagnostics

/// A place in the text, counted from 0 in scalars.
struct YAMLMark: Equatable {
  var line: Int
  var column: Int

  init(_ mark: yaml_mark_t) {
    line = Int(mark.line)
    column = Int(mark.column)
  }
}

/// What the parser found next.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    case sequenceStart, mappingStart
    case collectionEnd
  }

  var kind: Kind
  var start: YAMLMark
  var end: YAMLMark
  var anchor: String?
  var tag: String?
  /// Written with brackets.
  var isFlow = false
}

/// What libyaml says of a text it cannot read.
struct YAMLSyntaxProblem: Error {
  var problem: String
  var mark: YAMLMark
  var context: String
  var contextMark: YAMLMark
}

/// libyaml's event parser over bytes in memory.
final class YAMLEvents {
  /// Heap storage, since libyaml keeps pointers into the structure.
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let text: YAMLText

  init(_ text: YAMLText) {
    self.text = text
    input = .allocate(capacity: max(1, text.prepared.count))
    _ = input.update(fromContentsOf: text.prepared)
    parser.initialize(to: yaml_parser_t())
    precondition(yaml_parser_initialize(parser) == 1, "libyaml could not allocate a parser")
    yaml_parser_set_input_string(parser, input.baseAddress, text.prepared.count)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  func next() throws(YAMLSyntaxProblem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      throw YAMLSyntaxProblem(
        problem: Self.string(parser.pointee.problem) ?? "not readable",
        mark: YAMLMark(parser.pointee.problem_mark),
        context: Self.string(parser.pointee.context) ?? "",
        contextMark: YAMLMark(parser.pointee.context_mark))
    }
    defer { yaml_event_delete(&event) }
    return translate(event)
  }

  private func translate(_ event: yaml_event_t) -> YAMLEvent {
    func made(
      _ kind: YAMLEvent.Kind, _ anchor: UnsafeMutablePointer<yaml_char_t>? = nil,
      _ tag: UnsafeMutablePointer<yaml_char_t>? = nil, isFlow: Bool = false
    ) -> YAMLEvent {
      YAMLEvent(
        kind: kind, start: YAMLMark(event.start_mark), end: YAMLMark(event.end_mark),
        anchor: string(anchor), tag: string(tag), isFlow: isFlow)
    }
    switch event.type {
    case YAML_STREAM_START_EVENT: return made(.streamStart)
    case YAML_DOCUMENT_START_EVENT: return made(.documentStart)
    case YAML_DOCUMENT_END_EVENT: return made(.documentEnd)
    case YAML_ALIAS_EVENT: return made(.alias(string(event.data.alias.anchor) ?? ""))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
      return made(
        .scalar(
          text.restored(String(decoding: bytes, as: UTF8.self)),
          isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
        scalar.anchor, scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return made(
        .sequenceStart, start.anchor, start.tag, isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return made(
        .mappingStart, start.anchor, start.tag, isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return made(.collectionEnd)
    default: return made(.streamEnd)
    }
  }

  private func string(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    bytes.map { text.restored(String(cString: $0)) }
  }

  private static func string(_ bytes: UnsafePointer<CChar>?) -> String? {
    bytes.map { String(cString: $0) }
  }
}
