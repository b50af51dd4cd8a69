import Diagnostics

extension SafeText {
  /// A path for a message: whole, since its end is what tells files apart.
  static func path(_ path: String) -> String { escaped(path, limit: 4096) }
}
