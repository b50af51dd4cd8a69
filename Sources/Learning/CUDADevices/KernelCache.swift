internal import Diagnostics
private import Foundation
internal import Reproducibility

/// Compiled kernels on the disk, so that only the first run on a card waits for the compiler.
///
/// A file's name is the digest of all that decides its bytes: source, options, architecture, compiler
/// and driver. Files are replaced whole, and one that does not carry its own digest is compiled
/// anew, so neither a crash nor two processes at once can leave code that is not the source's.
package struct KernelCache: Sendable {
  /// Where the files are; nil: nothing is kept.
  package let folder: String?

  package init(folder: String?) { self.folder = folder }

  /// `orchestrate/kernels` below XDG_CACHE_HOME, or ~/.cache; ORCHESTRATE_KERNEL_CACHE is another
  /// folder, or `none`.
  package static var standard: KernelCache {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["ORCHESTRATE_KERNEL_CACHE"], !chosen.isEmpty {
      return KernelCache(folder: chosen == "none" ? nil : chosen)
    }
    let base =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? environment["HOME"].map { $0 + "/.cache" }
    return KernelCache(folder: base.map { $0 + "/orchestrate/kernels" })
  }

  /// The image of a key, or what `make` gives, which is kept for the next time.
  ///
  /// A folder that cannot be written costs time only: the image is made each time.
  package func image(_ key: [String], make: () throws -> [UInt8]) throws -> [UInt8] {
    guard let folder else { return try make() }
    let path = folder + "/" + Digest(of: Array(key.joined(separator: "\0").utf8)).hex + ".cubin"
    if let kept = Self.read(path) { return kept }
    let image = try make()
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? DurableFile.write(Array(Digest(of: image).hex.utf8) + image, to: path)
    return image
  }

  /// The image of a file that begins with the digest of the rest.
  private static func read(_ path: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path), data.count > 64 else { return nil }
    let image = Array(data.dropFirst(64))
    return Digest(of: image).hex.utf8.elementsEqual(data.prefix(64)) ? image : nil
  }
}
