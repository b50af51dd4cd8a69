internal import Diagnostics
package import Parallelism
private import Processes
package import Reproducibility

/// Digests files by content, asking the stat cache first: an unchanged corpus costs one `stat` per
/// file (DESIGN §4).
package struct FileDigester {
  let cache: any StatCache
  let pool: ThreadPool
  /// Nanoseconds since 1970.
  let now: @Sendable () -> Int64

  package init(cache: any StatCache, pool: ThreadPool, now: @escaping @Sendable () -> Int64) {
    self.cache = cache
    self.pool = pool
    self.now = now
  }

  package struct Digested: Sendable {
    package var digest: Digest
    package var size: Int
    /// Files that the digest covers.
    package var count = 1
  }

  /// Digests by path; files are hashed in parallel, each once.
  ///
  /// - Throws: ``Failure`` with every file that cannot be read.
  package func digests(of files: [FoundFile]) throws -> [String: Digested] {
    var known: [String: Digested] = [:]
    var unknown: [FoundFile] = []
    var asked: Set<String> = []
    var ticks = StampTicks()
    var looked: [(file: FoundFile, key: StatKey)] = []
    for file in files where asked.insert(file.path).inserted {
      if let key = HostFile.info(file.path)?.key {
        looked.append((file, key))
      } else {
        unknown.append(file)
      }
    }
    for (item, entry) in zip(looked, try cache.entries(for: looked.map(\.key))) {
      let (file, key) = item
      if let entry, entry.isTrusted(for: key, tick: ticks.tick(of: file.path, key)) {
        known[file.path] = Digested(digest: entry.digest, size: Int(key.size))
      } else {
        unknown.append(file)
      }
    }
    let results = try pool.map(unknown) { file in
      let started = now()
      return Result { try HostFile.digest(file.path, at: file.span) }.map {
        (key: $0.key, entry: StatCacheEntry(digest: $0.digest, recorded: started))
      }
    }
    var fresh: [(key: StatKey, entry: StatCacheEntry)] = []
    var failures: [Failure] = []
    for (file, result) in zip(unknown, results) {
      do {
        let item = try result.get()
        fresh.append(item)
        known[file.path] = Digested(digest: item.entry.digest, size: Int(item.key.size))
      } catch let failure as Failure { failures.append(failure) }
    }
    if !fresh.isEmpty { try cache.record(fresh) }
    if let first = failures.first {
      throw Failure(failures.flatMap(\.diagnostics), first.failureClass)
    }
    return known
  }
}

/// The tick of time stamps by device, asked for once each.
package struct StampTicks {
  private var known: [UInt64: Int64] = [:]

  package init() {}

  package mutating func tick(of path: String, _ key: StatKey) -> Int64 {
    if let tick = known[key.device] { return tick }
    let tick = FileSystem.stampTick(of: path)
    known[key.device] = tick
    return tick
  }
}
