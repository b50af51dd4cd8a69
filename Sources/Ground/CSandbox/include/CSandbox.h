#ifndef ORCHESTRATE_CSANDBOX_H
#define ORCHESTRATE_CSANDBOX_H

#include <stddef.h>
#include <stdint.h>

/// Starts a program that nobody trusts, behind the walls that the kernel offers. docs/sandbox.md
/// says what each wall is for. Everything that runs between clone and exec shares the caller's
/// memory and is async-signal-safe: system calls, locals, no allocation.

/// Mount, process, network, IPC, host name and cgroup namespaces (a user namespace too, unless the
/// caller is root) and a private read-only root.
#define ORC_WALL_NAMESPACES 1u
#define ORC_WALL_LANDLOCK 2u
#define ORC_WALL_SECCOMP 4u

/// What is started and what it may have. Pointers stay the caller's.
struct orc_sandbox {
  /// The program; NULL only tries whether the walls can be set up.
  const char *path;
  char *const *argv;
  char *const *envp;
  /// Absolute folders and files that it may read and execute, a parent before what lies in it; ends
  /// with NULL. One that is absent or out of reach is left out, a link stays a link.
  const char *const *readable;
  /// Descriptors that become 0, 1, 2, …; one below 0 becomes /dev/null. All others are closed.
  const int *descriptors;
  int descriptor_count;
  /// ORC_WALL_…; none leaves only the limits and the process group.
  unsigned walls;
  /// Tells two programs apart that one thread starts: 0 to 7. Each gets a user id of its own when
  /// the caller is root.
  unsigned slot;
  uint64_t cpu_seconds;
  uint64_t memory_bytes;
  uint64_t file_bytes;
  /// Processes and threads.
  uint64_t processes;
  uint64_t open_files;
  /// Of the working folder /tmp, which is memory.
  uint64_t folder_bytes;
  uint64_t folder_files;
};

/// The step that failed, a constant text, and errno.
struct orc_sandbox_failure {
  const char *step;
  int number;
};

/// Starts the program, which dies when the calling thread ends. With namespaces it is the first
/// process of its own process namespace: all it started dies with it. Its group has its number.
/// Returns 0 and sets `pid`; or -1 and sets `failure`, with nothing left running.
int orc_sandbox_start(const struct orc_sandbox *what, int *pid, struct orc_sandbox_failure *failure);

/// The kernel's Landlock ABI, or 0.
int orc_sandbox_landlock_abi(void);

/// Whether this kernel knows seccomp filters.
int orc_sandbox_has_seccomp(void);

/// Whether the caller may make namespaces without a user namespace, and change its user.
int orc_sandbox_is_privileged(void);

/// Whether the caller may become another user and lower its capabilities.
int orc_sandbox_may_change_user(void);

/// A file in memory that holds `bytes`, open for reading at its start and closed on exec; or -1
/// with errno.
int orc_sandbox_file(const void *bytes, size_t count);

/// Two connected stream sockets, closed on exec. 0, or -1 with errno.
int orc_sandbox_link(int ends[2]);

/// One instruction of the filter: struct sock_filter of linux/filter.h.
struct orc_sandbox_instruction {
  uint16_t code;
  uint8_t jump_true, jump_false;
  uint32_t operand;
};

#define ORC_SANDBOX_FILTER_MAX 640

/// Writes the filter of system calls and returns its length, at most ORC_SANDBOX_FILTER_MAX; 0 on a
/// processor that it is not written for. Without `namespaces` it also refuses new processes and
/// threads, changes to the metadata of files, and signals to any process but `pid`.
int orc_sandbox_filter(struct orc_sandbox_instruction *filter, int namespaces, int pid);

#endif
