#define _GNU_SOURCE
#include "ck_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Groups that run at the same time; more are left to the parent-death signal and to the next start.
enum { groups_max = 4096 };

// Runs in a forked child of a program with threads: only system calls and locals.
static _Noreturn void guard(int pipe_end) {
  int32_t groups[groups_max];
  int count = 0;
  for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  setsid();
  // Everything but the pipe: locks, and streams that somebody waits for the end of.
  if (pipe_end != 3) {
    dup2(pipe_end, 3);
    close(pipe_end);
  }
  for (int number = 0; number < 3; number++) close(number);
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 4u, ~0u, 0u) != 0)
#endif
    for (int number = 4; number < 65536; number++) close(number);
  for (;;) {
    int32_t group;
    ssize_t got = read(3, &group, sizeof group);
    if (got < 0 && errno == EINTR) continue;
    if (got != (ssize_t)sizeof group) break;
    if (group > 0) {
      if (count < groups_max) groups[count++] = group;
      continue;
    }
    for (int i = 0; i < count; i++) {
      if (groups[i] == -group) {
        groups[i] = groups[--count];
        break;
      }
    }
  }
  for (int i = 0; i < count; i++) kill(-groups[i], SIGKILL);
  _exit(0);
}

int ck_guard_start(int *pid) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    guard(ends[0]);
  }
  close(ends[0]);
  if (child < 0) {
    close(ends[1]);
    return -1;
  }
  *pid = child;
  return ends[1];
}
