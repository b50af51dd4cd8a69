import ArgumentParser

/// The command line: `orchestrate <command>`.
@main
struct Orchestrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orchestrate",
    abstract: "Turns raw records into a gated, shippable language model.",
    version: "0.1.0",
    subcommands: [PIICommand.self])
}
