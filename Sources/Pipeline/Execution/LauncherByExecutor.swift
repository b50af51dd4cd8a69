package import StageKit

/// Starts every attempt where its stage says, or where the command line says for all.
package final class LauncherByExecutor: StageLauncher {
  private let local: any StageLauncher
  private let slurm: any StageLauncher
  private let forced: ExecutorRequest.Kind?

  /// - Parameter forced: of the command line; wins over the pipeline.
  package init(
    local: any StageLauncher, slurm: any StageLauncher, forced: ExecutorRequest.Kind? = nil
  ) {
    self.local = local
    self.slurm = slurm
    self.forced = forced
  }

  package func launch(_ ticket: Ticket, ticketPath: String, log: String) throws
    -> any StageProcess
  {
    switch forced ?? ticket.executor {
    case .local: try local.launch(ticket, ticketPath: ticketPath, log: log)
    case .slurm: try slurm.launch(ticket, ticketPath: ticketPath, log: log)
    }
  }

  package func finish() {
    local.finish()
    slurm.finish()
  }
}
