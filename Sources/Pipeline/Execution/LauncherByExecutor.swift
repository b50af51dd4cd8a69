package import StageKit

/// Starts every attempt where its ticket says.
package final class LauncherByExecutor: StageLauncher {
  private let local: any StageLauncher
  private let slurm: any StageLauncher

  package init(local: any StageLauncher, slurm: any StageLauncher) {
    self.local = local
    self.slurm = slurm
  }

  package func launch(_ ticket: Ticket, ticketPath: String, log: String) throws
    -> any StageProcess
  {
    switch ticket.executor {
    case .local: try local.launch(ticket, ticketPath: ticketPath, log: log)
    case .slurm: try slurm.launch(ticket, ticketPath: ticketPath, log: log)
    }
  }

  package func launch(
    _ request: StageRequest, in place: any CommandPlace, folder: String, log: String
  ) throws -> CommandProcess? {
    guard request.executor.kind == .local else { return nil }
    return try local.launch(request, in: place, folder: folder, log: log)
  }

  package func finish() {
    local.finish()
    slurm.finish()
  }
}
