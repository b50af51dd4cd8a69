/// One ticket: what the customer wrote, who must act, and what was planted in it.
struct Ticket {
  let number: Int
  let queue: Queue
  let text: String
  let personal: PersonalData
  /// The noun phrase a reply can name.
  let matter: String

  /// Writes ticket `number` of a seed: an ask, with chance mentions of other teams' settled matters
  /// around it, in one of several orders.
  init(seed: UInt64, stream: StaticString, number: Int) {
    var draw = Draw(seed: seed, stream: stream, number)
    self.number = number
    queue = Self.queue(&draw)
    var personal = PersonalData()

    let told = queue
    matter = draw.fill(draw.one(of: told.matters))
    var ask = draw.fill(draw.one(of: told.asks))
    if draw.chance(8) { ask = draw.frame(draw.one(of: Phrases.open), matter) }

    var body = [ask]
    for chance in [72, 12] where draw.chance(chance) {
      var other = draw.one(of: Queue.all)
      while other.name == told.name { other = draw.one(of: Queue.all) }
      let mention = draw.frame(draw.one(of: Phrases.settled), draw.one(of: other.matters))
      body.insert(mention, at: draw.below(body.count + 1))
    }
    if draw.chance(45) { body.insert(draw.one(of: Phrases.openings), at: 0) }
    if draw.chance(55) {
      let contact = personal.fill(draw.one(of: Phrases.contacts), &draw)
      body.append(contact)
    }
    var lines = [draw.one(of: Phrases.greetings)] + body
    if draw.chance(60) { lines.append(draw.one(of: Phrases.closings)) }
    if draw.chance(50) {
      lines.append(personal.fill(draw.one(of: Phrases.signatures), &draw))
    }
    text = lines.joined(separator: " ")
    self.personal = personal
  }

  private static func queue(_ draw: inout Draw) -> Queue {
    var rest = draw.below(100)
    for queue in Queue.all {
      if rest < queue.share { return queue }
      rest -= queue.share
    }
    return Queue.all[0]
  }
}
