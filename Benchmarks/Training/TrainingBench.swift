import CUDADevices
import Foundation
import ModelFiles
import Models
import Parallelism
import Tensors

/// Speed and peak memory of the training core on models with weights without meaning, in the same
/// cases, by the same count of tokens and operations, as `torch_train.py` measures the Python
/// stack. One JSON object on standard output.
@main
enum TrainingBench {
  static func main() {
    do {
      let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
      if options.measuresProducts {
        ProductBench(options).run()
      } else {
        try run(options)
      }
    } catch {
      FileHandle.standardError.write(Data("training-bench: \(error)\n".utf8))
      exit(64)
    }
  }

  private static func run(_ options: BenchOptions) throws {
    let backend = try backend(options)
    let profiled =
      options.profiles ? TimedBackend(backend, weightsLearn: options.method == .full) : nil
    if let profiled { try check(profiled, options) }
    let model = model(options, on: profiled ?? backend)
    let work = try Workload(options, model)
    let planned = work.plannedBytes
    let cardBefore = try (backend as? CUDABackend)?.device.memory()
    let clock = ContinuousClock()
    let warmup = clock.measure { for i in 0..<options.warmup { _ = work.step(i) } } / .seconds(1)
    profiled?.forget()
    var times: [Double] = [], processors: [Double] = []
    var (tokens, loss) = (0, 0.0)
    for i in 0..<options.steps {
      let before = Usage.now
      times.append(clock.measure { (tokens, loss) = work.step(100 + i) } / .seconds(1))
      processors.append(Usage.now.processorSeconds - before.processorSeconds)
    }
    if let profiled {
      let profile = StepProfile(
        tallies: profiled.counted, steps: options.steps, wallSeconds: times.reduce(0, +),
        processorSeconds: processors.reduce(0, +), threads: options.threads, peak: options.peak)
      print(profile.table + "\nin short: " + profile.summary)
    }
    let (step, processor) = (median(times), median(processors))
    let gflop = model.configuration.operationsPerToken(options) * Double(tokens) * 1e-9
    let length = options.method == .generate ? options.prompt + options.new : options.sequence
    var fields = [
      ("shape", quoted(options.shape.rawValue)), ("method", quoted(options.method.rawValue)),
      ("dtype", quoted(options.dtype.rawValue)), ("seq", "\(length)"),
      ("batch", "\(options.batch)"), ("threads", "\(options.threads)"),
      ("tokens_per_s", number(Double(tokens) / step, 2)), ("step_s", number(step, 4)),
      ("step_min_s", number(times.min() ?? 0, 4)), ("step_cpu_s", number(processor, 4)),
      ("warmup_s", number(warmup, 2)), ("model_gflops", number(gflop / step, 1)),
      ("gflops_per_cpu", number(gflop / processor, 1)),
      ("peak_rss_mb", number(Double(Usage.now.peakBytes) / 1_048_576, 0)),
      ("planned_mb", number(Double(planned) / 1_048_576, 0)), ("loss", number(loss, 4)),
      ("arithmetic", quoted(model.arithmeticClass)),
    ]
    try backend.check()
    if let before = cardBefore, let card = (backend as? CUDABackend)?.device {
      let now = try card.memory()
      fields.append(("card_mb", number(Double(now.total - now.free) / 1_048_576, 0)))
      fields.append(("card_mb_before", number(Double(before.total - before.free) / 1_048_576, 0)))
    }
    if options.peak > 0 {
      fields.append(("fraction_of_peak", number(gflop / step / options.peak, 3)))
    }
    print("{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
  }

  private static func backend(_ options: BenchOptions) throws -> any Backend {
    let pool = ThreadPool(threads: options.threads)
    let products = precision(options).products
    guard let card = options.card else { return CPUBackend(pool: pool, products: products) }
    return try CUDABackend(DriverDevice(index: card), pool: pool, products: products)
  }

  private static func model(_ options: BenchOptions, on backend: any Backend) -> LanguageModel {
    LanguageModel.forMeasuring(
      options.shape.configuration, trainable: trainable(options), pool: backend.pool,
      precision: precision(options), backend: backend)
  }

  /// - Throws: a sentence when steps through the profile have other losses than steps without it:
  ///   then it has not told apart what those steps do.
  private static func check(_ profiled: TimedBackend, _ options: BenchOptions) throws {
    func losses(_ backend: any Backend) throws -> [Double] {
      let work = try Workload(options, model(options, on: backend))
      return (0..<2).map { work.step($0).loss }
    }
    let (plain, timed) = (try losses(profiled.inner), try losses(profiled))
    guard plain.map(\.bitPattern) == timed.map(\.bitPattern) else {
      throw BenchOptions.Mistake("losses are \(timed) with a profile, \(plain) without")
    }
  }

  private static func trainable(_ options: BenchOptions) -> Trainable {
    switch options.method {
    case .lora, .qlora, .dpo:
      .newAdapter(
        LoRASettings(rank: options.rank, alpha: Double(2 * options.rank)), seed: 1)
    case .full: .all
    case .generate, .score: .nothing
    }
  }

  private static func precision(_ options: BenchOptions) -> WeightPrecision {
    let tables: WeightMatrix.Format = options.dtype == .bf16 ? .bfloat16 : .float32
    return WeightPrecision(
      linears: options.method == .qlora ? .nf4 : tables, tables: tables,
      products: options.dtype == .bf16 ? .bfloat16 : .float32)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private static func number(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}
