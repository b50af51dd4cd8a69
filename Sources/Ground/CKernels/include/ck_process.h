#ifndef ORCHESTRATE_CK_PROCESS_H
#define ORCHESTRATE_CK_PROCESS_H

/// System calls that Swift cannot name: variable arguments, headers outside its module map.

/// Asks the kernel to send `signal` to this process when the thread that spawned it ends.
/// Returns 0, or -1 with errno.
int ck_set_parent_death_signal(int signal);

/// The magic number of the file system that holds `path` (statfs(2)), or 0 when it cannot be asked.
unsigned int ck_file_system_type(const char *path);

#endif
