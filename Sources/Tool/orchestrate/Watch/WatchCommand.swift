import ArgumentParser
import Diagnostics
import Foundation
import Glibc
import Planning
import Processes
import StageKit

/// `orchestrate watch`: runs `ci` or `run` when a file that the pipeline reads has changed, or by
/// the clock.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Runs 'ci' or 'run' again when what the pipeline reads changes, or by the clock.",
    discussion: """
      orchestrate watch pipeline.yaml                    when a file changes
      orchestrate watch pipeline.yaml --every 1h
      orchestrate watch pipeline.yaml --cron '30 3 * * 1-5' --command run

      One run at a time; what changes meanwhile starts the next one. Ctrl-C stops the run at its \
      next checkpoint and ends.
      """)

  enum Command: String, ExpressibleByArgument, CaseIterable { case ci, run }

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline = "pipeline.yaml"

  @Option(
    name: [.customShort("p"), .customLong("param")],
    help: "A parameter of the pipeline: name=value.")
  var parameter: [String] = []

  @Option(help: "What to run.")
  var command = Command.ci

  @Option(help: "Also by the clock: a duration such as 30m or 1h, from start to start.")
  var every: String?

  @Option(help: "Also by the clock: minute, hour, day, month, weekday, in local time.")
  var cron: String?

  @Flag(help: "By the clock alone; changed files start nothing.")
  var ignoreFiles = false

  @Option(help: "Seconds without a further change until a run starts.")
  var settle = 2.0

  @Option(help: "Seconds between looks at the files.")
  var poll = 1.0

  @Option(help: "The folder that holds '.orchestrate' (default: where the pipeline file is).")
  var project: String?

  func validate() throws {
    if let every, DurationText.seconds(every) == nil {
      throw ValidationError("--every is '\(every)', expected a duration such as 30m or 1h")
    }
    if !(0...3600).contains(settle) {
      throw ValidationError("--settle is \(settle), expected 0 to 3600")
    }
    if !(0.05...3600).contains(poll) {
      throw ValidationError("--poll is \(poll), expected 0.05 to 3600")
    }
    if ignoreFiles, every == nil, cron == nil {
      throw ValidationError("--ignore-files needs --every or --cron")
    }
  }

  func run() throws {
    let signals = SignalPipe.install()
    let schedule = try cron.map(CronSchedule.init)
    guard HostFile.info(pipeline)?.kind == .file else {
      throw Diagnostic(
        "io.no-file", "there is no file '\(SafeText.escaped(pipeline, limit: 300))'"
      ).failure(.badInput)
    }
    var watch = Watch(
      files: ignoreFiles ? nil : WatchedFiles(pipeline: pipeline, parameters: parameter),
      settleSeconds: settle, every: every.flatMap(DurationText.seconds), schedule: schedule)
    try perform("at the start", signals)
    while true {
      if try wait(signals, watch.pause(poll)) { throw ExitCode(FailureClass.interrupted.rawValue) }
      if let reason = watch.look() { try perform(reason, signals) }
    }
  }

  /// Runs the command to its end.
  private func perform(_ reason: String, _ signals: Int32) throws {
    Console.output.line("watch: \(command.rawValue) \(SafeText.escaped(reason, limit: 200))")
    var arguments = ["orchestrate", command.rawValue, pipeline]
    for text in parameter { arguments += ["-p", text] }
    if let project { arguments += ["--project", project] }
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let child = try ChildProcess.spawn(
      program, arguments,
      environment: ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }.sorted(),
      output: 1, errors: 2)
    var asked = 0
    while true {
      if let exit = child.reap() {
        if asked > 0 { throw ExitCode(FailureClass.interrupted.rawValue) }
        Console.output.line("watch: \(Self.words(exit)); waiting")
        return
      }
      if try wait(signals, 0.1) {
        asked += 1
        if asked > 1 { child.killGroup() } else { child.send(SIGTERM) }
      }
    }
  }

  /// Whether a signal came within so many seconds.
  private func wait(_ signals: Int32, _ seconds: Double) throws -> Bool {
    var watched = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
    _ = Glibc.poll(&watched, 1, Int32(max(1, min(seconds * 1000, 60_000))))
    return !SignalPipe.drain(signals).isEmpty
  }

  private static func words(_ exit: ChildProcess.Exit) -> String {
    switch exit {
    case .exited(0): "done"
    case .exited(let status): HookRunner.words(status)
    case .signalled(let signal): "killed by \(ChildProcess.signalName(signal))"
    }
  }
}

/// When the next run is due.
struct Watch {
  private let files: WatchedFiles?
  private let settleSeconds: Double
  private let every: Double?
  private let schedule: CronSchedule?
  private var known: [String: FileStamp]
  private var changed: (at: ContinuousClock.Instant, first: String, count: Int)?
  private var dueAt: ContinuousClock.Instant?
  private var cronAt: Date?

  init(files: WatchedFiles?, settleSeconds: Double, every: Double?, schedule: CronSchedule?) {
    self.files = files
    self.settleSeconds = settleSeconds
    self.every = every
    self.schedule = schedule
    known = files?.stamps() ?? [:]
    dueAt = every.map { .now + .seconds($0) }
    cronAt = schedule?.next(after: Date())
  }

  /// Seconds until the next look makes sense.
  func pause(_ poll: Double) -> Double { files == nil ? min(poll, 1) : poll }

  /// Why a run starts now; nil: none does.
  mutating func look() -> String? {
    let now = ContinuousClock.now
    if let reason = lookAtFiles(now) { return reason }
    if let dueAt, now >= dueAt, let every {
      self.dueAt = now + .seconds(every)
      return "by the clock"
    }
    if let cronAt, Date() >= cronAt {
      self.cronAt = schedule?.next(after: Date())
      return "by the clock"
    }
    return nil
  }

  private mutating func lookAtFiles(_ now: ContinuousClock.Instant) -> String? {
    guard let files else { return nil }
    let stamps = files.stamps()
    let changes = WatchedFiles.changes(known, stamps)
    known = stamps
    if let first = changes.first {
      changed = (now, changed?.first ?? first, (changed?.count ?? 0) + changes.count)
    }
    guard let changed, now - changed.at >= .seconds(settleSeconds) else { return nil }
    self.changed = nil
    let more = changed.count > 1 ? " and \(changed.count - 1) more" : ""
    return "because '\(changed.first)'\(more) changed"
  }
}
