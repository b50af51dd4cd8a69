import ArgumentParser
import BuiltinStages
import CUDADevices
import Diagnostics
import Documents
import Parallelism
import Tensors

/// `orchestrate doctor`: what this machine can compute with, and what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Shows what this machine can compute with, and what is missing.",
    discussion: """
      Without a card everything runs on the processors: what is missing is no error.

        orchestrate doctor
        orchestrate doctor --json
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let inventory = ComputeDevice.inventory
    let host = CPUBackend(pool: ThreadPool(threads: ThreadPool.allowedCPUs))
    if json {
      Console.output.line(JSONWriter.pretty(Self.json(inventory, host)))
      return
    }
    Console.output.line("processors  \(host.pool.threads), \(host.arithmeticClass)")
    Self.tell("driver", inventory.driver)
    for card in inventory.cards {
      Console.output.line(
        "card \(card.index)      \(SafeText.escaped(card.name)), \(card.totalBytes >> 20) MiB, "
          + "compute capability \(card.capability)"
          + (card.isNewEnough ? "" : ": too old, expected 8.0 or later"))
    }
    Self.tell("compiler", inventory.compiler)
    Self.tell("products", inventory.library)
    Console.output.line(
      "device      " + (inventory.isUsable ? "auto is cuda" : "auto is cpu"))
  }

  private static func tell(_ name: String, _ part: CUDAInventory.Part) {
    let title = name + String(repeating: " ", count: 12 - name.count)
    switch part {
    case .found(let text): Console.output.line(title + text)
    case .missing(let diagnostic):
      Console.output.line(title + "none: \(diagnostic.message) [\(diagnostic.code)]")
      if let fix = diagnostic.fix { Console.output.line(String(repeating: " ", count: 12) + fix) }
    }
  }

  private static func json(_ inventory: CUDAInventory, _ host: CPUBackend) -> JSONValue {
    func part(_ part: CUDAInventory.Part) -> JSONValue {
      switch part {
      case .found(let text): ["found": .string(text)]
      case .missing(let diagnostic):
        [
          "code": .string(diagnostic.code), "message": .string(diagnostic.message),
          "fix": diagnostic.fix.map { .string($0) } ?? .null,
        ]
      }
    }
    return [
      "formatVersion": 1, "threads": .integer(Int64(host.pool.threads)),
      "arithmetic": .string(host.arithmeticClass), "driver": part(inventory.driver),
      "cards": .array(
        inventory.cards.map { card in
          [
            "index": .integer(Int64(card.index)), "name": .string(card.name),
            "capability": .string(card.capability), "bytes": .integer(Int64(card.totalBytes)),
            "multiprocessors": .integer(Int64(card.multiprocessorCount)),
            "usable": .bool(card.isNewEnough),
          ]
        }),
      "compiler": part(inventory.compiler), "cublas": part(inventory.library),
      "auto": .string(inventory.isUsable ? "cuda" : "cpu"),
    ]
  }
}
