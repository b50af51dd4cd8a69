import Diagnostics
import Foundation

/// What can be said of a card, on a machine that has one and on one that has none.
///
///     cuda-check cards               what was found; ends with 3 where there is nothing to use
///     cuda-check conform [CARD]      the list of cases that every backend passes
///     cuda-check resume [CARD]       training that is left and goes on, bit by bit
///     cuda-check oracles CARD FOLDER the models of a folder of oracles
///     cuda-check rates [CARD]        the ceilings: products, copies
///     cuda-check predict             speeds and memory of an 8B model from operations and bytes
@main
enum CUDACheck {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let card = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 0
    do {
      switch arguments.first {
      case "cards": exit(CardList.print() ? 0 : 3)
      case "conform": exit(try CardConformance.run(card: card) ? 0 : 1)
      case "resume": exit(try CardResume.run(card: card) ? 0 : 1)
      case "oracles" where arguments.count == 3:
        exit(try CardOracles.run(card: card, folder: arguments[2]) ? 0 : 1)
      case "rates": try CardRates.run(card: card)
      case "predict":
        print(try Prediction.table())
        print()
        print(try MemoryPrediction.table())
      default:
        complain("cuda-check: expected cards, conform, resume, oracles, rates or predict")
        exit(64)
      }
    } catch {
      complain("cuda-check: \(error)")
      exit(1)
    }
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
