import ArgumentParser
import Artifacts
import Foundation
import Glibc
import RunStore

/// Which registry a command is about.
struct RegistryOptions: ParsableArguments {
  @Option(
    help: """
      The folder of the registry (default: $ORCHESTRATE_REGISTRY, else 'registry' in \
      $ORCHESTRATE_CACHE, else in the project's .orchestrate).
      """)
  var registry: String?

  /// Makes the option count for everything that this process and its children do.
  func settle() {
    guard let registry, !registry.isEmpty else { return }
    setenv("ORCHESTRATE_REGISTRY", URL(fileURLWithPath: registry).standardizedFileURL.path, 1)
  }

  static func folder(_ project: ProjectFolder) -> RegistryFolder {
    RegistryFolder(state: project.state, environment: ProcessInfo.processInfo.environment)
  }

  /// The registry to read or write.
  func folder(_ project: ProjectOptions) -> RegistryFolder {
    settle()
    return Self.folder(project.folder())
  }
}
