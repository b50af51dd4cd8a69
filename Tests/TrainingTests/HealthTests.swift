import Models
import Reproducibility
import Tensors
import Testing
import Training

@Suite("Health monitors")
struct HealthTests {
  static func noisy(_ count: Int, around level: Double, seed: UInt64) -> [Double] {
    let random = CounterRandom(seed: seed, stream: "health")
    return (0..<count).map { level * (1 + 0.05 * random.normal(UInt64($0))) }
  }

  @Test("a loss ten times the usual is a spike, a run without one has none", arguments: 1...20)
  func spikes(_ seed: UInt64) {
    var monitor = SpikeMonitor()
    for value in Self.noisy(200, around: 2, seed: seed) {
      #expect(monitor.observe(value) == nil)
    }
    let z = monitor.observe(20)
    #expect((z ?? 0) > SpikeMonitor.zMax)
    // The spike does not become what is usual.
    #expect(monitor.observe(20) != nil)
    #expect(monitor.observe(2.05) == nil)
  }

  @Test("a falling loss, a fall to a tenth and the first values are no spikes")
  func noSpikes() {
    var monitor = SpikeMonitor()
    for step in 0..<300 { #expect(monitor.observe(8 / Double(step + 1) + 0.5) == nil) }
    #expect(monitor.observe(0.01) == nil)
    var young = SpikeMonitor()
    for value in [1, 1, 1, 100.0] { #expect(young.observe(value) == nil) }
  }

  @Test("equal values have no deviation, and half as much again is a spike then")
  func even() {
    var monitor = SpikeMonitor(values: Array(repeating: 1, count: 40))
    #expect(monitor.observe(1.49) == nil)
    #expect(monitor.observe(1.51) != nil)
  }

  @Test("the window forgets")
  func window() {
    var monitor = SpikeMonitor()
    for value in Self.noisy(100, around: 1, seed: 3) { _ = monitor.observe(value) }
    #expect(monitor.values.count == SpikeMonitor.window)
  }

  @Test(
    "held-out loss that rises twice, or by a twentieth, is a sign",
    arguments: [
      ([2.0, 1.5, 1.2, 1.1], [false, false, false, false]),
      ([2.0, 1.5, 1.51, 1.52], [false, false, false, true]),
      ([2.0, 1.5, 1.51, 1.4, 1.41], [false, false, false, false, false]),
      ([2.0, 1.0, 1.06], [false, false, true]),
    ])
  func overfitting(_ losses: [Double], _ signs: [Bool]) {
    var rule = OverfittingRule()
    #expect(losses.map { rule.observe($0) != nil } == signs)
  }

  @Test("a group that does not move is named once, a moving one is measured")
  func updates() {
    let model = ToyModel(vocabulary: 4, seed: 1)
    var monitor = UpdateMonitor(model.parameters)
    var found: [String] = []
    for _ in 0..<12 {
      monitor.begin()
      let weight = model.parameters[1].values
      weight.write(weight.values().map { $0 * 1.01 })
      let (updates, still) = monitor.end(learningRate: 1e-3)
      #expect(updates.map(\.name) == ["update_norm/bias", "update_norm/weight"])
      #expect(abs(updates[1].value - 0.01) < 1e-6 && updates[0].value == 0)
      found += still
    }
    #expect(found == ["bias"])
  }

  @Test("warm-up with a rate of 0 is no standstill")
  func warmup() {
    let model = ToyModel(vocabulary: 4, seed: 1)
    var monitor = UpdateMonitor(model.parameters)
    for _ in 0..<20 {
      monitor.begin()
      #expect(monitor.end(learningRate: 0).still.isEmpty)
    }
  }
}
