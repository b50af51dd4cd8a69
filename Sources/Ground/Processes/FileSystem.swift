private import CKernels
private import Foundation

package enum FileSystem {
  /// Whether `folder` lies on a network file system: NFS, NCP, SMB, CIFS, SMB2, Lustre, Ceph, AFS
  /// by their numbers in statfs(2). `ORCHESTRATE_NETWORK_FOLDER=1` says that it does, for others.
  package static func isOnNetwork(_ folder: String) -> Bool {
    if isForced { return true }
    let numbers: [UInt32] = [
      0x6969, 0x564C, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0BD0_0BD0, 0x00C3_6400, 0x5346_414F,
    ]
    return numbers.contains(ck_file_system_type(folder))
  }

  private static let isForced =
    ProcessInfo.processInfo.environment["ORCHESTRATE_NETWORK_FOLDER"] == "1"
}
