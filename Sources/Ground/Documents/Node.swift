package import Diagnostics

/// A value of a YAML or JSON document that knows its place.
///
/// Scalars keep their text: the one who asks decides the type, so `no` is the text "no" where a
/// string is declared and an error where a number is (DESIGN §3).
package struct Node: Sendable, Hashable {
  package indirect enum Content: Sendable, Hashable {
    case scalar(Scalar)
    case sequence([Node])
    /// Entries in the order of the text; keys are unique.
    case mapping([Entry])
  }

  package struct Scalar: Sendable, Hashable {
    package var text: String
    /// Quoted and block scalars are strings, whatever they look like.
    package var isPlain: Bool
    /// An explicit standard tag such as `tag:yaml.org,2002:str`, or nil.
    package var tag: String?

    package init(_ text: String, isPlain: Bool = true, tag: String? = nil) {
      self.text = text
      self.isPlain = isPlain
      self.tag = tag
    }
  }

  package struct Entry: Sendable, Hashable {
    package var key: Node
    package var value: Node

    package init(key: Node, value: Node) {
      self.key = key
      self.value = value
    }

    /// The text of the key (keys are scalars).
    package var name: String { key.scalar?.text ?? "" }
  }

  package var content: Content
  package var span: SourceSpan

  package init(_ content: Content, at span: SourceSpan) {
    self.content = content
    self.span = span
  }

  package var scalar: Scalar? { if case .scalar(let value) = content { value } else { nil } }
  package var sequence: [Node]? { if case .sequence(let value) = content { value } else { nil } }
  package var mapping: [Entry]? { if case .mapping(let value) = content { value } else { nil } }

  /// The value of key `name` of a mapping, or nil.
  package subscript(name: String) -> Node? { mapping?.first { $0.name == name }?.value }

  /// Whether this is a plain `null`, `~` or nothing (YAML 1.2 core schema).
  package var isNull: Bool {
    guard let scalar, scalar.isPlain, scalar.tag == nil else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
  }

  /// What the node is called in a message.
  package var kindName: String {
    switch content {
    case .scalar(let scalar): isNull ? "nothing" : "'\(SafeText.escaped(scalar.text, limit: 40))'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
