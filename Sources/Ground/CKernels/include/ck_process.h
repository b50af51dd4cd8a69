#ifndef ORCHESTRATE_CK_PROCESS_H
#define ORCHESTRATE_CK_PROCESS_H

#include <stddef.h>

/// System calls that Swift cannot name: variable arguments, headers outside its module map.

/// Asks the kernel to send `signal` to this process when the thread that spawned it ends.
/// Returns 0, or -1 with errno.
int ck_set_parent_death_signal(int signal);

/// The magic number of the file system that holds `path` (statfs(2)), or 0 when it cannot be asked.
unsigned int ck_file_system_type(const char *path);

/// Starts `path` with `argv` and `envp`. Standard streams are `input` (or /dev/null when negative),
/// `output` and `errors`; `output` is not 2 unless `errors` is 2. Signal handlers and the mask are
/// those of a fresh process. With `new_group` the child leads a process group; with `death_signal`
/// it gets that signal when the calling thread ends, from before its first instruction on. A `guard`
/// (see below; or -1) learns of the new group before anything in it runs. `folder` is where it starts, or NULL.
/// Returns 0 and the child's number in `pid`, or an errno.
int ck_spawn(const char *path, char *const argv[], char *const envp[], int input, int output,
             int errors, int new_group, int death_signal, int guard, const char *folder, int *pid);

/// Starts a process that outlives this one by an instant: it reads numbers of process groups from a
/// pipe (positive: started, negative: ended) and kills the groups that are left once the pipe is
/// closed, which the kernel does when this process ends, however it ends. Returns the end of the
/// pipe to write to, or -1. The number of that process is stored in `pid`.
int ck_guard_start(int *pid);

/// A descriptor that becomes readable when the child `pid` has ended; -1 before Linux 5.3.
int ck_process_end(int pid);

/// A pipe that no child inherits, also one that another thread starts meanwhile. Returns 0, or -1 with
/// errno set.
int ck_pipe(int ends[2]);

/// Copies up to `bytes` from where `input` stands to where `output` stands, inside the kernel; by
/// reference where the file system can. Returns how many, 0 at the end, or -1 with errno.
long ck_copy_file_range(int input, int output, unsigned long bytes);

/// Has the system begin to write what was written to an open file, and does not wait for it.
void ck_begin_flush(int file);

/// Keeps up to `bytes` of freed memory for the next use: a stage that fills and frees the same
/// buffers round after round otherwise has the kernel clear their pages each time.
void ck_keep_freed_memory(int bytes);

/// `bytes` of zeroed memory; NULL where there is none. With `large_pages` in pages of 2 MiB, where
/// the system gives them and they fit.
void *ck_map_large(size_t bytes, int large_pages);
/// Gives back what ck_map_large gave for as many bytes.
void ck_unmap_large(void *memory, size_t bytes);

#endif
