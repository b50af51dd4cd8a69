/// What a program in a sandbox may have.
package struct SandboxLimits: Sendable, Hashable {
  /// Of processor time, for each process; killed one second later.
  package var processorSeconds: Int
  /// Of address space, for each process.
  package var memoryMiB: Int
  /// Processes and threads together. Without namespaces there is one process, whatever this says.
  package var processes: Int
  package var openFiles: Int
  /// The largest file.
  package var fileMiB: Int
  /// The working folder, which is memory.
  package var folderMiB: Int
  /// Files and folders in the working folder.
  package var folderFiles: Int

  package init(
    processorSeconds: Int, memoryMiB: Int = 1024, processes: Int = 32, openFiles: Int = 64,
    fileMiB: Int = 32, folderMiB: Int = 64, folderFiles: Int = 4096
  ) {
    self.processorSeconds = processorSeconds
    self.memoryMiB = memoryMiB
    self.processes = processes
    self.openFiles = openFiles
    self.fileMiB = fileMiB
    self.folderMiB = folderMiB
    self.folderFiles = folderFiles
  }
}
