private import Documents
private import Foundation
private import Glibc
package import Reproducibility
private import StageKit

/// Looks at what a project keeps beside its database: each file knows by itself whether it is whole.
package struct StateFilesCheck {
  private let project: ProjectFolder
  private let store: ArtifactStore
  private let readingBytes: Bool

  /// - Parameter readingBytes: false looks at listings, existence and sizes only.
  package init(_ project: ProjectFolder, readingBytes: Bool) {
    self.project = project
    self.readingBytes = readingBytes
    store = ArtifactStore(project)
  }

  package struct Found: Sendable {
    package var count = 0
    package var damages: [StateDamage] = []
  }

  /// Objects by the names of their files; sizes are not known here.
  package func objects(except known: Set<Digest>) throws -> Found {
    var found = Found()
    for prefix in try DurableFile.names(in: project.objects) {
      for name in try DurableFile.names(in: "\(project.objects)/\(prefix)") {
        guard let digest = Digest(hex: name), !known.contains(digest) else { continue }
        found.count += 1
        guard readingBytes,
          let damage = store.check(digest, size: nil, readingBytes: true)
        else { continue }
        found.damages.append(
          StateDamage(.object, damage.path, damage.finding, digest: digest))
      }
    }
    return found
  }

  package func checkpoints() throws -> Found {
    var found = Found()
    for name in try DurableFile.names(in: project.checkpoints) {
      guard let fingerprint = Digest(hex: name) else { continue }
      let folder = project.checkpoints(of: fingerprint)
      let (count, damages) = try FolderCheckpoints(folder: folder)
        .damages(readingBytes: readingBytes)
      found.count += count
      found.damages += damages.map {
        StateDamage(.checkpoint, "\(folder)/\($0.name)", $0.finding, digest: fingerprint)
      }
      let metrics = folder + "/metrics.ndjson"
      if access(metrics, F_OK) == 0 {
        let damaged = (try? SummedFile.lines(DurableFile.read(metrics)).damaged) ?? 1
        if damaged > 0 {
          found.damages.append(
            StateDamage(
              .checkpoint, metrics, "\(damaged) damaged lines of metrics", digest: fingerprint))
        }
      }
    }
    return found
  }

  package func chunks() throws -> Found {
    var found = Found()
    for request in try DurableFile.names(in: project.chunks) {
      let folder = "\(project.chunks)/\(request)"
      let (count, damages) = try FolderChunkResults(folder: folder, store: store)
        .damages(readingBytes: readingBytes)
      found.count += count
      found.damages += damages.map { StateDamage(.chunk, "\(folder)/\($0.name)", $0.finding) }
    }
    return found
  }

  /// Answers of endpoints; other files of that folder are not known here.
  package func answers() throws -> Found {
    var found = Found()
    for prefix in try DurableFile.names(in: project.answers) where prefix.utf8.count == 2 {
      for name in try DurableFile.names(in: "\(project.answers)/\(prefix)") {
        guard Digest(hex: name) != nil else { continue }
        found.count += 1
        let path = "\(project.answers)/\(prefix)/\(name)"
        if (try? SummedFile.isWhole(DurableFile.read(path))) != true {
          found.damages.append(StateDamage(.answer, path, "different bytes"))
        }
      }
    }
    return found
  }

  package func externals() throws -> Found {
    var found = Found()
    for name in try DurableFile.names(in: project.externals) where name.hasSuffix(".json") {
      found.count += 1
      let digest = Digest(hex: String(name.dropLast(5)))
      let path = "\(project.externals)/\(name)"
      let tree = try digest.flatMap { try store.external($0) }
      if tree == nil || tree?.digest != digest {
        found.damages.append(StateDamage(.external, path, "it is not the record of its name"))
      }
    }
    return found
  }
}
