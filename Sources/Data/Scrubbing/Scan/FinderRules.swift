/// What a ``Finder`` looks for: tables cut down to the wanted entities, and the score that each must
/// reach. Made once per detector.
///
/// - Note: `@unchecked Sendable`: `sets` and `months` point into buffers that ``CueTable/shared``
///   never changes or frees.
final class FinderRules: @unchecked Sendable {
  let cueTable = CueTable.shared
  let sets: UnsafePointer<CueSet>
  let months: UnsafePointer<UInt8>
  /// By number of digits, 0…24.
  let numbers: UnsafeBufferPointer<UnsafeBufferPointer<Limited<NumberScheme>>>
  /// The same rules, gone through first.
  let gates: UnsafeBufferPointer<UnsafeBufferPointer<NumberGate>>
  /// By letters before the first digit, 0…7.
  private let codes: UnsafeBufferPointer<UnsafeBufferPointer<Limited<CodeScheme>>>
  /// By what ``gates(letters:run:behind:)`` is given, the rules that may fit: gone through first.
  private let codeGates: UnsafeBufferPointer<UnsafeBufferPointer<CodeGate>>
  let secrets: [Limited<SecretPrefix>]
  /// Bit n of the two words: a token may begin with the ASCII character n.
  private let secretFirsts: (UInt64, UInt64)
  /// Scores that single entities must reach; above 1 for those not wanted.
  let email, phone, card, iban, ip, mac, url, crypto, birth, dateTime, secret, username,
    uuid: Double
  private let limits: [Entity: Double]

  /// A rule, and the score at which its findings count.
  struct Limited<Rule: Sendable>: Sendable {
    var rule: Rule
    var limit: Double
  }

  /// - Parameter limit: the score that an entity must reach; nil when it is not wanted.
  init(_ limit: @escaping (Entity) -> Double?) {
    sets = UnsafePointer(Self.copy(cueTable.sets))
    months = UnsafePointer(Self.copy(cueTable.months))
    let score = { (entity: Entity) in limit(entity) ?? 2 }
    var numbers = [[Limited<NumberScheme>]](repeating: [], count: 25)
    for scheme in NumberScheme.all where score(scheme.entity) <= 1 {
      numbers[scheme.digits].append(Limited(rule: scheme, limit: score(scheme.entity)))
    }
    self.numbers = Self.buffer(numbers.map { Self.buffer($0) })
    gates = Self.buffer(
      numbers.map { rules in Self.buffer(rules.map { NumberGate($0.rule, limit: $0.limit) }) })
    var codes = [[Limited<CodeScheme>]](repeating: [], count: 8)
    for scheme in CodeScheme.all where score(scheme.entity) <= 1 {
      for letters in scheme.leadingLetters {
        codes[letters].append(Limited(rule: scheme, limit: score(scheme.entity)))
      }
    }
    self.codes = Self.buffer(codes.map { Self.buffer($0) })
    codeGates = Self.buffer(
      codes.flatMap { rules in
        let gates = rules.enumerated().map { $1.rule.gate.numbered($0) }
        return (0..<Self.runs * Self.ends).map { group in
          Self.buffer(gates.filter { $0.fits(run: group / Self.ends, behind: group % Self.ends) })
        }
      })
    secrets = SecretPrefix.all.filter { _ in score(.secret) <= 1 }
      .map { Limited(rule: $0, limit: score(.secret)) }
    var firsts: (UInt64, UInt64) = (0, 1 << UInt64(UInt8(ascii: "e") & 63))
    for secret in secrets {
      let first = secret.rule.prefix.utf8Start.pointee
      if first < 64 { firsts.0 |= 1 << UInt64(first) } else { firsts.1 |= 1 << UInt64(first & 63) }
    }
    secretFirsts = firsts
    email = score(.emailAddress)
    phone = score(.phoneNumber)
    card = score(.creditCard)
    iban = score(.ibanCode)
    ip = score(.ipAddress)
    mac = score(.macAddress)
    url = score(.url)
    crypto = score(.crypto)
    birth = score(.dateOfBirth)
    dateTime = score(.dateTime)
    secret = score(.secret)
    username = score(.username)
    uuid = score(.uuid)
    limits = Dictionary(
      uniqueKeysWithValues: CuedValue.entities.map { ($0, score($0)) })
  }

  /// Whether a known token may begin with `byte`.
  func mayBeginToken(_ byte: UInt8) -> Bool {
    if byte >= 128 { return false }
    return (byte < 64 ? secretFirsts.0 : secretFirsts.1) >> UInt64(byte & 63) & 1 == 1
  }

  /// The digits of a first run are counted to here.
  static let runs = 32
  /// What may stand behind it, in the order of ``CodeScheme/behindRun``.
  private static let ends = 3

  /// The codes with so many letters, at most 7, before the first digit.
  func codes(letters: Int) -> UnsafeBufferPointer<Limited<CodeScheme>> { codes[letters] }

  /// What the first look at a code asks of those of them whose first run of digits fits.
  ///
  /// - Parameters:
  ///   - run: digits of the first run; below ``runs``.
  ///   - behind: what stands behind it: 0 the end, 1 a letter, 2 a separator.
  func gates(letters: Int, run: Int, behind: Int) -> UnsafeBufferPointer<CodeGate> {
    codeGates[(letters * Self.runs + run) * Self.ends + behind]
  }

  func limit(_ entity: Entity) -> Double { limits[entity] ?? 2 }

  deinit {
    Self.freeAll(numbers)
    Self.freeAll(gates)
    Self.freeAll(codes)
    Self.freeAll(codeGates)
    sets.deallocate()
    months.deallocate()
  }

  /// Outside an array, so that rules are read where they lie and not copied.
  private static func buffer<T>(_ values: [T]) -> UnsafeBufferPointer<T> {
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    return UnsafeBufferPointer(buffer)
  }

  private static func freeAll<T>(_ buffers: UnsafeBufferPointer<UnsafeBufferPointer<T>>) {
    for buffer in buffers { free(buffer) }
    free(buffers)
  }

  private static func free<T>(_ buffer: UnsafeBufferPointer<T>) {
    let mutable = UnsafeMutableBufferPointer(mutating: buffer)
    mutable.deinitialize()
    mutable.deallocate()
  }

  private static func copy<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
    let buffer = UnsafeMutablePointer<T>.allocate(capacity: max(1, values.count))
    buffer.initialize(from: values, count: values.count)
    return buffer
  }
}
