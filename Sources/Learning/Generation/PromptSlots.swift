import ModelFiles
import Models
import Tensors

/// Where texts of a call lie in the cache, what their prompts begin with alike kept once.
///
/// Three levels: what all prompts share; the prompt of several texts but for its last token; what
/// is a text's own.
final class PromptSlots {
  let cache: KeyValueCache

  struct Admitted {
    let prompt: Int
    let slot: Int
  }

  private let prompts: [[Int32]]
  private let model: LanguageModel
  /// Tokens that all prompts begin with; in slot 0.
  private let root: Int
  private var freeTexts: [Int]
  private var freeGroups: [Int]
  /// Per slot of a group, the texts that follow it and are not done.
  private var users: [Int: Int] = [:]
  /// Per slot of a text, the slot of its group.
  private var groups: [Int: Int] = [:]
  /// The group that prompts are taken from now: they lie next to each other.
  private var current: (slot: Int, prompt: [Int32])?
  private var next = 0
  private var pending: [LanguageModel.SlotText] = []
  private var wanted = 0
  private var longest = 0

  /// - Parameters:
  ///   - room: new tokens of a text.
  ///   - bytes: what texts may take; one is always let in.
  init(_ prompts: [[Int32]], _ model: LanguageModel, room: Int, batch: Int, bytes: Int) {
    self.prompts = prompts
    self.model = model
    let configuration = model.configuration
    let classes = Set(prompts.map { configuration.angleClass(length: $0.count) })
    root = classes.count == 1 && prompts.count > 1 ? Self.sharedCount(prompts) : 0
    let root = root
    let isShared = Self.isShared(prompts)
    let own = prompts.indices.map { isShared[$0] ? 1 : prompts[$0].count - root }.max() ?? 0
    let capacity = min(configuration.contextLength, own + room)
    let size = KeyValueCache.bytes(configuration, capacity: capacity)
    let texts = max(1, min(batch, prompts.count, bytes / max(1, size)))
    let shared = prompts.indices.filter { isShared[$0] }
    let groups = shared.isEmpty ? 0 : texts
    let inGroup = max(1, (shared.map { prompts[$0].count }.max() ?? 0) - root - 1)
    cache = KeyValueCache(
      configuration,
      capacities: [root] + Array(repeating: inGroup, count: groups)
        + Array(repeating: capacity, count: texts), backend: model.backend)
    freeGroups = (1..<1 + groups).reversed()
    freeTexts = (1 + groups..<1 + groups + texts).reversed()
  }

  /// Tokens that all prompts begin with and that leave each of them one.
  private static func sharedCount(_ prompts: [[Int32]]) -> Int {
    guard let first = prompts.first else { return 0 }
    return prompts.reduce(first.count) {
      min($0, SharingPlan.shared(first, $1), $1.count - 1)
    }
  }

  /// Which prompts are the same as their neighbour.
  private static func isShared(_ prompts: [[Int32]]) -> [Bool] {
    prompts.indices.map { index in
      index > 0 && prompts[index - 1] == prompts[index]
        || index + 1 < prompts.count && prompts[index + 1] == prompts[index]
    }
  }

  /// Gives slots to the next prompts, as many as fit; ``takeIn()`` computes them.
  ///
  /// - Parameter tokens: no further prompt once so many are to be computed.
  func admit(tokens: Int) -> [Admitted] {
    var admitted: [Admitted] = []
    var count = 0, admittedClass = 0
    longest = 0
    if root > 0, cache.lengths[0] == 0, next == 0 {
      pending.append(LanguageModel.SlotText(slot: 0, ids: Array(prompts[0].prefix(root))))
      count += root
    }
    while next < prompts.count, count < tokens || admitted.isEmpty, let slot = freeTexts.last {
      let prompt = prompts[next]
      let angles = model.configuration.angleClass(length: prompt.count)
      if !admitted.isEmpty, angles != admittedClass { break }
      admittedClass = angles
      longest = max(longest, prompt.count)
      count += place(prompt, in: slot)
      freeTexts.removeLast()
      admitted.append(Admitted(prompt: next, slot: slot))
      next += 1
    }
    // Logits are wanted of texts; these come last.
    let texts = Set(admitted.map(\.slot))
    pending =
      pending.filter { !texts.contains($0.slot) } + pending.filter { texts.contains($0.slot) }
    wanted = admitted.count
    return admitted
  }

  /// Tokens that are to be computed for it.
  private func place(_ prompt: [Int32], in slot: Int) -> Int {
    let base: Int? = root > 0 ? 0 : nil
    let isNext = next + 1 < prompts.count && prompts[next + 1] == prompt
    let rest = prompt.count - root - 1
    var count = 0
    if current?.prompt != prompt {
      leaveGroup()
      if isNext, rest > 0, let group = freeGroups.popLast() {
        cache.clear(group, following: base)
        pending.append(
          LanguageModel.SlotText(slot: group, ids: Array(prompt[root..<root + rest])))
        count += rest
        current = (group, prompt)
        users[group] = 1
      }
    }
    guard let current else {
      cache.clear(slot, following: base)
      pending.append(LanguageModel.SlotText(slot: slot, ids: Array(prompt[root...])))
      return count + prompt.count - root
    }
    cache.clear(slot, following: current.slot)
    groups[slot] = current.slot
    users[current.slot, default: 0] += 1
    pending.append(LanguageModel.SlotText(slot: slot, ids: Array(prompt.suffix(1))))
    return count + 1
  }

  /// The logits after the prompts of what was admitted, in its order.
  func takeIn() -> Matrix {
    defer { pending = [] }
    return model.takeIn(cache, pending, wanted: wanted, longest: longest)
  }

  /// Frees the slot of a text that is done.
  func release(_ slot: Int) {
    freeTexts.append(slot)
    if let group = groups.removeValue(forKey: slot) { drop(group) }
  }

  private func leaveGroup() {
    if let current { drop(current.slot) }
    current = nil
  }

  private func drop(_ group: Int) {
    let left = (users[group] ?? 1) - 1
    users[group] = left > 0 ? left : nil
    if left <= 0 { freeGroups.append(group) }
  }
}
