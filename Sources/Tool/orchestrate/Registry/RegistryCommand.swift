import ArgumentParser
import Diagnostics
import Documents
import Foundation
import RunStore
import StageKit

/// `orchestrate registry`: versions of models, and which one is in use.
struct RegistryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registry", abstract: "Lists, shows, promotes and rolls back versions of models.",
    subcommands: [
      ListCommand.self, ShowCommand.self, PromoteCommand.self, RollbackCommand.self,
      HistoryCommand.self,
    ])
}

extension RegistryCommand {
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Lists models, their versions and aliases.")

    @Argument(help: "A model's name; all of them without.") var name: String?
    @OptionGroup var projectOptions: ProjectOptions
    @OptionGroup var registryOptions: RegistryOptions
    @Flag(help: "Print NDJSON, a line for each version.") var json = false

    func run() throws {
      let registry = try registryOptions.folder(projectOptions).read()
      if let name { try registry.expectName(name) }
      let names = name.map { [$0] } ?? registry.names
      if names.isEmpty, !json { Console.output.line("no model is registered yet") }
      for name in names {
        if !json { Console.output.line(name) }
        for version in registry.versions(of: name).reversed() {
          let view = VersionView(version, registry)
          Console.output.line(json ? JSONWriter.compact(view.json) : "  " + view.line)
        }
      }
    }
  }

  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows a version: what it was made of, and its gate.",
      discussion: "orchestrate registry show triage@champion\norchestrate registry show triage/3")

    @Argument(help: "NAME@ALIAS or NAME/VERSION.") var version: String
    @OptionGroup var projectOptions: ProjectOptions
    @OptionGroup var registryOptions: RegistryOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      let registry = try registryOptions.folder(projectOptions).read()
      let found = try RegistryCommand.find(version, in: registry)
      let view = VersionView(found, registry)
      if json { return Console.output.line(JSONWriter.compact(view.json)) }
      for line in view.lines { Console.output.line(line) }
    }
  }

  struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "promote", abstract: "Lets an alias point to a version that passed its gate.",
      discussion: """
        orchestrate registry promote triage 3
        orchestrate registry promote triage 3 --force --reason "the test set was wrong"
        """)

    @Argument(help: "The model's name.") var name: String
    @Argument(help: "The number of the version.") var version: Int
    @Option(help: "The alias.") var alias = "champion"
    @Flag(help: "Promote a version that its gate did not let pass; needs --reason.")
    var force = false
    @Option(help: "Why; kept in the history.") var reason: String?
    @Option(
      help: """
        The number of the record that moved the alias last ('registry history'; 0: none): refuse \
        when somebody else has moved it since.
        """)
    var expect: Int?
    @OptionGroup var projectOptions: ProjectOptions
    @OptionGroup var registryOptions: RegistryOptions
    @Flag(help: "Print JSON: the record.") var json = false

    func validate() throws {
      if force, reason?.isEmpty != false {
        throw ValidationError("--force needs --reason TEXT, for the history")
      }
      if !VersionManifest.isName(alias) {
        throw ValidationError("'\(SafeText.escaped(alias, limit: 40))' is not fit for an alias")
      }
    }

    func run() throws {
      let folder = registryOptions.folder(projectOptions)
      let record = try folder.promote(
        name, to: version, alias: alias, expecting: expect, forcedBy: force ? reason : nil,
        at: Date().timeIntervalSince1970)
      guard let record else {
        if !json {
          Console.output.line("'\(alias)' of '\(name)' points to version \(version) already")
        }
        return
      }
      RegistryCommand.show(record, json: json)
    }
  }

  struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rollback", abstract: "Lets an alias point to where it pointed before.")

    @Argument(help: "The model's name.") var name: String
    @Option(help: "The alias.") var alias = "champion"
    @Option(help: "A version that it pointed to once (default: the one before).") var to: Int?
    @Option(help: "Why; kept in the history.") var reason: String?
    @OptionGroup var projectOptions: ProjectOptions
    @OptionGroup var registryOptions: RegistryOptions
    @Flag(help: "Print JSON: the record.") var json = false

    func run() throws {
      let folder = registryOptions.folder(projectOptions)
      try folder.read().expectName(name)
      RegistryCommand.show(
        try folder.rollBack(
          name, alias: alias, to: to, reason: reason, at: Date().timeIntervalSince1970),
        json: json)
    }
  }

  struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "history", abstract: "Shows every record, oldest first.")

    @Argument(help: "A model's name; all of them without.") var name: String?
    @OptionGroup var projectOptions: ProjectOptions
    @OptionGroup var registryOptions: RegistryOptions
    @Flag(help: "Print NDJSON: the records.") var json = false

    func run() throws {
      let registry = try registryOptions.folder(projectOptions).read()
      if let name { try registry.expectName(name) }
      for record in registry.records where name == nil || RecordView(record).name == name {
        RegistryCommand.show(record, json: json)
      }
    }
  }

  static func show(_ record: RegistryRecord, json: Bool) {
    Console.output.line(json ? JSONWriter.compact(record.json) : RecordView(record).line)
  }

  /// - Throws: ``Failure`` of class `usage` when there is no such version.
  static func find(_ text: String, in registry: ModelRegistry) throws -> ModelRegistry.Version {
    guard let reference = RegistryReference(text) else {
      throw Diagnostic(
        "usage.version", "'\(SafeText.escaped(text, limit: 80))' names no version",
        fix: "write NAME@ALIAS or NAME/VERSION, as in triage@champion or triage/3"
      ).failure(.usage)
    }
    try registry.expectName(reference.name)
    switch reference.choice {
    case .version(let number): return try registry.expect(number, of: reference.name)
    case .alias(let alias):
      if let version = registry.version(reference) { return version }
      let known = registry.aliases(of: reference.name).map(\.alias)
      throw Diagnostic(
        "registry.no-alias", "'\(reference.name)' has no version at '\(alias)'",
        fix: NearestName.suggestion(for: alias, among: known).map { "did you mean '\($0)'?" }
          ?? (known.isEmpty
            ? "no alias points anywhere yet" : "it has \(known.joined(separator: ", "))")
      ).failure(.usage)
    }
  }
}
