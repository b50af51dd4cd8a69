internal import CCUDA
package import Diagnostics

/// What of NVIDIA's this machine has, and what is missing.
package struct CUDAInventory: Sendable {
  /// A part that is there, in words, or why it is not.
  package enum Part: Sendable, Hashable {
    case found(String)
    case missing(Diagnostic)
  }

  package struct Card: Sendable, Hashable {
    package let index: Int
    package let name: String
    package let capability: String
    package let totalBytes: Int
    package let multiprocessorCount: Int
    /// Compute capability 8.0 or later.
    package let isNewEnough: Bool
  }

  package let driver: Part
  package let cards: [Card]
  package let compiler: Part
  /// cuBLAS, without which the own products serve.
  package let library: Part

  package init() {
    var (driverPart, newestMajor): (Part, Int32) = (.found(""), 0)
    var cards: [Card] = []
    do {
      let driver = try Driver()
      newestMajor = driver.major
      driverPart = .found("CUDA \(driver.version)")
      cards = try driver.cards().map { card in
        Card(
          index: card.index, name: card.name, capability: card.capability,
          totalBytes: card.byteCount, multiprocessorCount: card.multiprocessorCount,
          isNewEnough: card.major >= 8)
      }
    } catch {
      driverPart = .missing(Self.diagnostic(error))
    }
    driver = driverPart
    self.cards = cards
    do {
      compiler = .found("NVRTC \(try Compiler(newestMajor: Int(newestMajor)).version)")
    } catch {
      compiler = .missing(Self.diagnostic(error))
    }
    library = Self.library(newestMajor)
  }

  /// Whether a stage can compute on a card.
  package var isUsable: Bool {
    guard case .found = driver, case .found = compiler else { return false }
    return cards.contains(where: \.isNewEnough)
  }

  private static func library(_ newestMajor: Int32) -> Part {
    let reason = orc_cublas_load(newestMajor).map { Driver.text($0.pointee.reason) } ?? ""
    if reason.isEmpty { return .found("cuBLAS") }
    return .missing(
      Diagnostic(
        "cuda.no-cublas", "cuBLAS is not used: \(SafeText.escaped(reason, limit: 600))",
        fix: "install it for faster products, such as 'pip install nvidia-cublas'",
        severity: .note))
  }

  private static func diagnostic(_ error: any Error) -> Diagnostic {
    (error as? Failure)?.diagnostics.first
      ?? Diagnostic("cuda.no-driver", SafeText.escaped("\(error)"))
  }
}
