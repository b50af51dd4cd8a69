import ArgumentParser
import Artifacts
import Diagnostics
import Foundation
import Processes
import Reproducibility
import Webhooks

/// `orchestrate hooks`: takes webhooks of GitHub and GitLab and starts `orchestrate ci` for pushes.
struct HooksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooks",
    abstract: "Takes webhooks of GitHub and GitLab and starts 'orchestrate ci' for each push.",
    discussion: """
      ORCHESTRATE_GITHUB_SECRET=… orchestrate hooks pipeline.yaml --ref refs/heads/main --clone .

      Deliveries are taken at /github and /gitlab when they carry the secret; one that comes again \
      within a week starts nothing. A push is queued, answered at once, and worked on one at a time: \
      with --clone the commit is fetched and checked out there first. Listens on the loopback \
      interface unless told otherwise; docs/ci.md says how to stand behind a proxy.
      """)

  @Argument(help: "The pipeline file; with --clone relative to the clone.")
  var pipeline = "pipeline.yaml"

  @Option(help: "The address to listen on.")
  var address = "127.0.0.1"

  @Option(help: "The port; 0 lets the system choose.")
  var port: UInt16 = 8787

  @Option(help: "A ref whose pushes start a run; '*' stands for any characters. May be repeated.")
  var ref: [String] = []

  @Option(help: "A git clone that belongs to this program: each push is checked out there.")
  var clone: String?

  @Option(help: "A further name that clients call this server by. May be repeated.")
  var allowHost: [String] = []

  @Option(help: "A file that holds GitHub's secret (default: $ORCHESTRATE_GITHUB_SECRET).")
  var githubSecretFile: String?

  @Option(help: "A file that holds GitLab's token (default: $ORCHESTRATE_GITLAB_TOKEN).")
  var gitlabTokenFile: String?

  @Option(help: "Pushes that may wait; further ones are answered with 503.")
  var queue = 16

  @Option(
    parsing: .unconditionalSingleValue,
    help: "A further argument of 'orchestrate ci', as in --ci-argument --no-promote.")
  var ciArgument: [String] = []

  @OptionGroup var projectOptions: ProjectOptions

  func validate() throws {
    if !(1...10_000).contains(queue) {
      throw ValidationError("--queue is \(queue), expected 1 to 10000")
    }
    for pattern in ref where !pattern.hasPrefix("refs/") {
      throw ValidationError(
        "--ref '\(SafeText.escaped(pattern, limit: 60))' does not begin with refs/, as in "
          + "refs/heads/main")
    }
  }

  func run() throws {
    let signals = SignalPipe.install()
    let secrets = try HookSecrets(github: githubSecretFile, gitlab: gitlabTokenFile)
    let project = projectOptions.folder(of: clone.map { "\($0)/\(pipeline)" } ?? pipeline)
    let folder = project.state + "/hooks"
    try DurableFile.makeFolder(folder)
    let lock = try FileLock(path: folder + "/lock")
    defer { withExtendedLifetime(lock) {} }
    let log = try DeliveryLog(path: folder + "/deliveries.ndjson", now: Self.now)
    let receiver = WebhookReceiver(
      WebhookReceiver.Settings(
        githubSecret: secrets.github, gitlabToken: secrets.gitlab,
        refs: ref.isEmpty ? ["refs/heads/main"] : ref, queueMax: queue), log)
    let server = try HTTPServer(address: address, port: port, hosts: allowHost)
    Console.output.line("listening on http://\(address):\(server.port)")
    var runner = HookRunner(
      pipeline: pipeline, clone: clone, arguments: ciArgument, logs: folder,
      environment: secrets.others)
    if !receiver.queue.isEmpty {
      Console.output.line("\(receiver.queue.count) pushes of before are still to be done")
    }
    try serve(server, receiver, &runner, signals)
  }

  private func serve(
    _ server: HTTPServer, _ receiver: WebhookReceiver, _ runner: inout HookRunner, _ signals: Int32
  ) throws {
    var isStopping = false
    while true {
      server.turn(milliseconds: 100, others: [signals]) { request in
        let (answer, event) = receiver.receive(request, now: Self.now)
        if let event {
          Console.output.line("queued \(event.ref) at \(event.commit.prefix(12))")
        }
        return answer
      }
      for signal in SignalPipe.drain(signals) {
        if isStopping { runner.kill() } else { runner.stop(signal) }
        isStopping = true
      }
      if let (event, status) = runner.ended() {
        // What was stopped is done again by the next start.
        if !isStopping { try receiver.finish(event) }
        Console.output.line(
          "\(event.ref) at \(event.commit.prefix(12)): \(HookRunner.words(status))")
      }
      if isStopping, !runner.isBusy { throw ExitCode(FailureClass.interrupted.rawValue) }
      if !isStopping, !runner.isBusy, let event = receiver.next() { try runner.start(event) }
    }
  }

  private static var now: Double { Date().timeIntervalSince1970 }
}

/// The secrets that deliveries are signed with, and the environment without them.
struct HookSecrets {
  let github: [UInt8]?
  let gitlab: [UInt8]?
  /// `KEY=value` for what this program starts.
  let others: [String]

  private static let names = ["ORCHESTRATE_GITHUB_SECRET", "ORCHESTRATE_GITLAB_TOKEN"]
  private static let bytesMin = 16

  /// - Throws: ``Failure`` of class `usage` when there is none, or one that is easily guessed.
  init(github: String?, gitlab: String?) throws {
    let environment = ProcessInfo.processInfo.environment
    self.github = try Self.secret(github, environment[Self.names[0]], "GitHub's secret")
    self.gitlab = try Self.secret(gitlab, environment[Self.names[1]], "GitLab's token")
    others = environment.filter { !Self.names.contains($0.key) }
      .map { "\($0.key)=\($0.value)" }.sorted()
    if self.github == nil, self.gitlab == nil {
      throw Diagnostic(
        "hooks.no-secret", "there is no secret to tell deliveries from forgeries by",
        fix: "set \(Self.names[0]) or \(Self.names[1]), or name a file with --github-secret-file "
          + "or --gitlab-token-file"
      ).failure(.usage)
    }
  }

  private static func secret(_ file: String?, _ variable: String?, _ what: String) throws
    -> [UInt8]?
  {
    var bytes: [UInt8]
    if let file {
      bytes = try DurableFile.read(file)
      while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
    } else if let variable, !variable.isEmpty {
      bytes = Array(variable.utf8)
    } else {
      return nil
    }
    guard bytes.count >= bytesMin else {
      throw Diagnostic(
        "hooks.short-secret", "\(what) has \(bytes.count) bytes, expected at least \(bytesMin)",
        fix: "make one with 'openssl rand -hex 32'"
      ).failure(.usage)
    }
    return bytes
  }
}
