internal import CKernels

extension Finder {
  mutating func lookAtColon(_ colon: Int) {
    if text[colon + 1] == UInt8(ascii: "/") {
      guard text[colon + 2] == UInt8(ascii: "/") else { return }
      if let credentials = Secrets.credentials(text, colon: colon) {
        add(.secret, credentials, 0.95, rules.secret)
        if rules.secret <= 1 { return }
      }
      add(URLAddress.schemed(text, colon: colon), rules.url)
      return
    }
    let previous = found.last?.range.upperBound ?? 0
    guard colon >= previous else { return }
    if let mac = MACAddress.detection(text, mark: colon) {
      add(mac, rules.mac)
      consumed = max(consumed, mac.range.upperBound)
    } else if let address = IPAddress.version6(text, colon: colon) {
      add(address, rules.ip)
      consumed = max(consumed, address.range.upperBound)
    }
  }

  mutating func lookAtDot(_ dot: Int) {
    if rules.mac <= 1, let mac = MACAddress.detection(text, mark: dot) {
      add(mac, rules.mac)
      return
    }
    guard rules.url <= 1 else { return }
    add(URLAddress.bare(text, firstDot: dot), rules.url)
  }

  mutating func lookAtDash(_ dash: Int) {
    if text[dash + 1] == UInt8(ascii: "-") {
      if let range = Secrets.privateKey(text, at: dash) {
        add(.secret, range, 1, rules.secret)
        consumed = max(consumed, range.upperBound)
        secretsDone = max(secretsDone, range.upperBound)
      }
    } else if let mac = MACAddress.detection(text, mark: dash) {
      add(mac, rules.mac)
      consumed = max(consumed, mac.range.upperBound)
    }
  }

  /// Four dotted numbers from group `first`.
  mutating func lookAtIPv4(from first: Int, _ mark: orc_pii_mark) -> Int? {
    let start = Int(run.groups[first].start)
    guard rules.ip <= 1, let end = IPAddress.dottedEnd(text, from: start),
      text.endsNumber(at: end), !IPAddress.isVersion(text, before: start), !isVersion(mark)
    else { return nil }
    if IPAddress.isSmall(text, from: start), !IPAddress.hasPort(text, at: end),
      !isAddressed(mark) || IPAddress.isChange(text, before: start)
    {
      return nil
    }
    add(.ipAddress, start..<end, 0.8, rules.ip)
    return first + 4
  }

  /// Whether a word of networks stands among the four words before.
  private func isAddressed(_ mark: orc_pii_mark) -> Bool {
    var index = Int(mark.cues) - 1
    while index >= 0, mark.word &- cues[index].word <= 4 {
      if rules.sets[Int(cues[index].entry)].contains(.network) { return true }
      index -= 1
    }
    return false
  }

  /// Whether the word before is a version's in any language.
  private func isVersion(_ mark: orc_pii_mark) -> Bool {
    guard mark.cues > 0 else { return false }
    let cue = cues[Int(mark.cues) - 1]
    return mark.word == cue.word && rules.sets[Int(cue.entry)].contains(.version)
      && mark.offset &- cue.end <= 2
  }
}
