#define _GNU_SOURCE
#include "ck_process.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int ck_set_parent_death_signal(int signal) {
  return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0ul, 0ul, 0ul);
}

unsigned int ck_file_system_type(const char *path) {
  struct statfs info;
  return statfs(path, &info) == 0 ? (unsigned int)info.f_type : 0;
}

// Runs between vfork and exec: in the parent's memory, so only system calls and locals.
static int become(const char *path, char *const argv[], char *const envp[], int input, int output,
                  int errors, int new_group, int death_signal, int guard, const char *folder,
                  pid_t parent) {
  struct sigaction fresh = {.sa_handler = SIG_DFL};
  for (int number = 1; number < 32; number++) sigaction(number, &fresh, NULL);
  if (new_group && setpgid(0, 0) != 0) return errno;
  if (guard >= 0) {
    int32_t group = getpid();
    if (write(guard, &group, sizeof group) < 0) return errno;
  }
  if (death_signal) {
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)death_signal, 0ul, 0ul, 0ul) != 0) return errno;
    // The parent may have ended before the signal was asked for.
    if (getppid() != parent) _exit(129);
  }
  if (dup2(input, 0) < 0 || dup2(errors, 2) < 0 || dup2(output, 1) < 0) return errno;
  if (folder && chdir(folder) != 0) return errno;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(path, argv, envp);
  return errno;
}

int ck_spawn(const char *path, char *const argv[], char *const envp[], int input, int output,
             int errors, int new_group, int death_signal, int guard, const char *folder, int *pid) {
  int null = -1;
  if (input < 0) {
    null = input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0) return errno;
  }
  // A handler of the parent must not run in the child while both share memory.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile int failure = 0;
  pid_t parent = getpid();
  pid_t child = vfork();
  if (child == 0) {
    failure = become(path, argv, envp, input, output, errors, new_group, death_signal, guard, folder,
                     parent);
    _exit(127);
  }
  int number = child < 0 ? errno : failure;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (null >= 0) close(null);
  *pid = child;
  return number;
}

int ck_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

long ck_copy_file_range(int input, int output, unsigned long bytes) {
  return copy_file_range(input, NULL, output, NULL, bytes, 0);
}

int ck_process_end(int pid) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, pid, 0u);
#else
  (void)pid;
  return -1;
#endif
}

#define LARGE_PAGE ((size_t)2 << 20)

static size_t whole_pages(size_t bytes) {
  size_t page = bytes < LARGE_PAGE ? 4096 : LARGE_PAGE;
  return (bytes + page - 1) / page * page;
}

void *ck_map_large(size_t bytes, int large_pages) {
  size_t size = whole_pages(bytes), spare = size < LARGE_PAGE ? 0 : LARGE_PAGE;
  uint8_t *memory =
      mmap(NULL, size + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  if (spare == 0) return memory;
  // A large page begins at a multiple of its size: what lies around is given back.
  size_t before = (LARGE_PAGE - (uintptr_t)memory % LARGE_PAGE) % LARGE_PAGE;
  if (before > 0) munmap(memory, before);
  if (before < spare) munmap(memory + before + size, spare - before);
  if (large_pages) madvise(memory + before, size, MADV_HUGEPAGE);
  return memory + before;
}

void ck_unmap_large(void *memory, size_t bytes) { munmap(memory, whole_pages(bytes)); }

void ck_begin_flush(int file) { (void)sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE); }

void ck_keep_freed_memory(int bytes) {
#if defined(__GLIBC__)
  mallopt(M_TRIM_THRESHOLD, bytes);
  mallopt(M_MMAP_THRESHOLD, bytes);
#else
  (void)bytes;
#endif
}
