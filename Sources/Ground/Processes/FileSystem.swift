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

  /// How long two changes of a file in `folder` may show the same time stamp, in nanoseconds.
  ///
  /// Linux stamps with the clock of its last timer tick, at most 10 ms old, on the file systems that
  /// keep nanoseconds: ext, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS, bcachefs by their numbers in
  /// statfs(2). FAT counts in 2 s, and another host's clock may count as it likes.
  package static func stampTick(of folder: String) -> Int64 {
    let fine: [UInt32] = [
      0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0x2FC1_2FC1, 0xF2F5_2010,
      0xCA45_1A4E,
    ]
    return fine.contains(ck_file_system_type(folder)) ? 20_000_000 : 2_000_000_000
  }
}
