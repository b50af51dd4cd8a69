import CUDADevices
import Diagnostics

/// The cards of this machine, or the one line that says why there is none.
enum CardList {
  static func print() -> Bool {
    let inventory = CUDAInventory()
    for card in inventory.cards {
      Swift.print(
        "card \(card.index): \(card.name), sm_\(card.capability), \(card.totalBytes >> 20) MiB")
    }
    if inventory.isUsable { return true }
    for part in [inventory.driver, inventory.compiler] {
      if case .missing(let diagnostic) = part {
        Swift.print("no card can be used: \(diagnostic.message)")
        return false
      }
    }
    Swift.print("no card can be used: the driver shows none of compute capability 8.0 or later")
    return false
  }
}
