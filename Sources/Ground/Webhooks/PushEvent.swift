package import Documents

/// A push that a webhook told of.
package struct PushEvent: Sendable, Hashable {
  /// Of the delivery.
  package var id: String
  package var repository: String
  /// `refs/heads/main`
  package var ref: String
  /// The commit that the ref points to now.
  package var commit: String

  package init(id: String, repository: String, ref: String, commit: String) {
    self.id = id
    self.repository = repository
    self.ref = ref
    self.commit = commit
  }

  /// Of the body of GitHub's `push` or GitLab's `Push Hook`; nil when the ref was removed or
  /// something is missing or not what it should be.
  package init?(id: String, body: JSONValue) {
    let repository =
      body["repository"]?["full_name"]?.stringValue
      ?? body["project"]?["path_with_namespace"]?.stringValue ?? ""
    guard let ref = body["ref"]?.stringValue, Self.isRef(ref),
      let commit = body["after"]?.stringValue, Self.isCommit(commit),
      body["deleted"]?.boolValue != true
    else { return nil }
    self.init(id: id, repository: repository, ref: ref, commit: commit)
  }

  /// Whether a text can be given to git as a ref: below `refs/`, and nothing that means more.
  package static func isRef(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy {
      $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
    }
    return isPlain && text.hasPrefix("refs/") && text.utf8.count <= 256 && !text.contains("..")
      && !text.contains("//") && !text.contains("/.") && !text.contains("/-")
      && !text.hasSuffix("/") && !text.hasSuffix(".lock") && !text.hasSuffix(".")
  }

  /// Whether a text is a commit's name that exists: not the zeros that stand for none.
  package static func isCommit(_ text: String) -> Bool {
    (text.utf8.count == 40 || text.utf8.count == 64)
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
      && text.utf8.contains { $0 != 48 }
  }

  package init?(_ json: JSONValue) {
    guard let id = json["id"]?.stringValue, let ref = json["ref"]?.stringValue,
      let commit = json["commit"]?.stringValue, Self.isRef(ref), Self.isCommit(commit)
    else { return nil }
    self.init(
      id: id, repository: json["repository"]?.stringValue ?? "", ref: ref, commit: commit)
  }

  package var json: JSONValue {
    .object([
      "id": .string(id), "repository": .string(repository), "ref": .string(ref),
      "commit": .string(commit),
    ])
  }
}
