// The filter of system calls: a list of what is allowed, a few calls judged by their arguments, and
// "not permitted" for the rest ("no such call" for numbers newer than the list, so that C libraries
// fall back). Assembled here as a binary search over ranges of allowed numbers.
#define _GNU_SOURCE
#include "orc_sandbox_parts.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// Same numbers on both processors; the build machine's headers may not know them.
#define NR_CLONE3 435
#define NR_CLOSE_RANGE 436
#define NR_FACCESSAT2 439
#define NR_FCHMODAT2 452
#define NR_LAST 452

static const short always[] = {
    // Reading, writing and looking at files.
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev,
    SYS_preadv2, SYS_pwritev2, SYS_close, NR_CLOSE_RANGE, SYS_lseek, SYS_openat, SYS_fstat,
    SYS_newfstatat, SYS_statx, SYS_faccessat, NR_FACCESSAT2, SYS_readlinkat, SYS_getdents64,
    SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_mkdirat, SYS_unlinkat, SYS_renameat, SYS_renameat2,
    SYS_linkat, SYS_symlinkat, SYS_ftruncate, SYS_fallocate, SYS_fsync, SYS_fdatasync,
    SYS_fadvise64, SYS_dup, SYS_dup3, SYS_fcntl, SYS_flock, SYS_pipe2, SYS_statfs, SYS_fstatfs,
    SYS_umask, SYS_copy_file_range, SYS_sendfile, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr,
    SYS_listxattr, SYS_llistxattr, SYS_flistxattr,
    // Memory.
    SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap, SYS_brk, SYS_madvise, SYS_mincore, SYS_msync,
    SYS_mlock, SYS_munlock, SYS_membarrier,
    // Itself.
    SYS_exit, SYS_exit_group, SYS_wait4, SYS_waitid, SYS_execve, SYS_getpid, SYS_getppid,
    SYS_gettid, SYS_getpgid, SYS_getsid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_set_tid_address, SYS_set_robust_list,
    SYS_get_robust_list, SYS_futex, SYS_rseq, SYS_sched_yield, SYS_sched_getaffinity,
    SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_get_priority_max,
    SYS_sched_get_priority_min, SYS_getpriority, SYS_getrlimit, SYS_setrlimit, SYS_getrusage,
    SYS_times, SYS_uname, SYS_sysinfo, SYS_getcpu, SYS_capget, SYS_getrandom,
    // Signals to itself, and time.
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait,
    SYS_rt_sigsuspend, SYS_sigaltstack, SYS_restart_syscall, SYS_nanosleep, SYS_clock_nanosleep,
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_getitimer, SYS_setitimer,
    SYS_timer_create, SYS_timer_settime, SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete,
    SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime,
    // Waiting, and talking over pipes and pairs of sockets.
    SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2,
    SYS_signalfd4, SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_shutdown, SYS_recvfrom,
    SYS_recvmsg, SYS_sendmsg,
#if defined(__x86_64__)
    SYS_open, SYS_creat, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_mkdir, SYS_rmdir,
    SYS_unlink, SYS_rename, SYS_link, SYS_symlink, SYS_pipe, SYS_dup2, SYS_select, SYS_poll,
    SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_signalfd, SYS_alarm, SYS_pause,
    SYS_getdents, SYS_getpgrp, SYS_time, SYS_arch_prctl,
#endif
};

// Harmless only where the process sees no other process and no file but its own: Landlock does not
// judge them.
static const short in_namespaces[] = {
    SYS_fchmod, SYS_fchmodat, NR_FCHMODAT2, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_truncate,
    SYS_setsid, SYS_setpgid, SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
    SYS_sched_setaffinity,
#if defined(__x86_64__)
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_fork, SYS_vfork,
#endif
};

struct assembler {
  struct orc_sandbox_instruction *code;
  int count;
};

static void emit(struct assembler *a, uint16_t code, int jump_true, int jump_false,
                 uint32_t operand) {
  if (a->count < ORC_SANDBOX_FILTER_MAX)
    a->code[a->count] = (struct orc_sandbox_instruction){
        code, (uint8_t)jump_true, (uint8_t)jump_false, operand};
  a->count++;
}

#define LOAD(field) emit(a, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)(field))
#define RETURN(what) emit(a, BPF_RET | BPF_K, 0, 0, (uint32_t)(what))
#define REFUSE(number) RETURN(SECCOMP_RET_ERRNO | (number))
// Only little-endian processors: the low half of an argument comes first.
#define ARGUMENT(i) (offsetof(struct seccomp_data, args) + 8 * (i))

// Allows call `number` when argument `i` is one of `values`, else refuses it with `error`.
static void allow_values(struct assembler *a, uint32_t number, int i, const uint32_t *values,
                         int count, int error) {
  emit(a, BPF_JMP | BPF_JEQ | BPF_K, 0, 3 + count, number);
  LOAD(ARGUMENT(i));
  for (int value = 0; value < count; value++)
    emit(a, BPF_JMP | BPF_JEQ | BPF_K, count - value, 0, values[value]);
  REFUSE(error);
  RETURN(SECCOMP_RET_ALLOW);
}

// Allows call `number` when no bit of `mask` is set in argument `i`.
static void allow_without(struct assembler *a, uint32_t number, int i, uint32_t mask) {
  emit(a, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, number);
  LOAD(ARGUMENT(i));
  emit(a, BPF_JMP | BPF_JSET | BPF_K, 0, 1, mask);
  REFUSE(EPERM);
  RETURN(SECCOMP_RET_ALLOW);
}

static void judge_arguments(struct assembler *a, int namespaces, int pid) {
  // clone3 hides its flags in memory; C libraries fall back to clone.
  emit(a, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, NR_CLONE3);
  REFUSE(ENOSYS);
  // CLONE_NEWTIME (0x80) is for clone3 only; these are the namespaces that clone makes.
  if (namespaces) allow_without(a, SYS_clone, 0, 0x7E020000u);
  static const uint32_t options[] = {PR_GET_NAME, PR_SET_NAME, PR_GET_DUMPABLE, PR_CAPBSET_READ,
                                     PR_GET_NO_NEW_PRIVS, 0x53564D41u /* PR_SET_VMA */};
  allow_values(a, SYS_prctl, 0, options, 6, EPERM);
  static const uint32_t requests[] = {FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ};
  allow_values(a, SYS_ioctl, 1, requests, 6, ENOTTY);
  // Its own limits only; hard ones cannot grow.
  static const uint32_t itself[] = {0};
  allow_values(a, SYS_prlimit64, 0, itself, 1, EPERM);
  // Connected sockets take no address, so a datagram cannot leave either. A null address has a null
  // length.
  allow_values(a, SYS_sendto, 5, itself, 1, EPERM);
  // Pairs of Unix streams; no other socket can be made.
  emit(a, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_socketpair);
  LOAD(ARGUMENT(0));
  emit(a, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AF_UNIX);
  REFUSE(EPERM);
  LOAD(offsetof(struct seccomp_data, nr));
  static const uint32_t types[] = {SOCK_STREAM, SOCK_STREAM | SOCK_CLOEXEC,
                                   SOCK_STREAM | SOCK_NONBLOCK,
                                   SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK};
  allow_values(a, SYS_socketpair, 1, types, 4, EPERM);
  if (!namespaces) {
    uint32_t own[] = {(uint32_t)pid};
    allow_values(a, SYS_kill, 0, own, 1, EPERM);
    allow_values(a, SYS_tgkill, 0, own, 1, EPERM);
  }
}

// A maximal run of numbers with one answer.
struct run {
  uint32_t first, answer;
};

// Numbers from `runs[0].first` on: jumps to the right half, falls into the left one.
static int search(struct assembler *a, const struct run *runs, int count) {
  if (count == 1) {
    RETURN(runs[0].answer);
    return 1;
  }
  int left = count / 2, jump = a->count;
  emit(a, BPF_JMP | BPF_JGE | BPF_K, 0, 0, runs[left].first);
  int length = search(a, runs, left);
  if (length > 255 || jump >= ORC_SANDBOX_FILTER_MAX) a->count = ORC_SANDBOX_FILTER_MAX + 1;
  else a->code[jump].jump_true = (uint8_t)length;
  return 1 + length + search(a, runs + left, count - left);
}

static void search_numbers(struct assembler *a, int namespaces) {
  unsigned char allowed[NR_LAST + 1] = {0};
  for (size_t i = 0; i < sizeof always / sizeof *always; i++) allowed[always[i]] = 1;
  for (size_t i = 0; namespaces && i < sizeof in_namespaces / sizeof *in_namespaces; i++)
    allowed[in_namespaces[i]] = 1;
  struct run runs[NR_LAST + 2];
  int count = 0;
  for (uint32_t number = 0; number <= NR_LAST; number++) {
    uint32_t answer = allowed[number] ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EPERM;
    if (count == 0 || runs[count - 1].answer != answer)
      runs[count++] = (struct run){number, answer};
  }
  runs[count++] = (struct run){NR_LAST + 1, SECCOMP_RET_ERRNO | ENOSYS};
  search(a, runs, count);
}

int orc_sandbox_filter(struct orc_sandbox_instruction *filter, int namespaces, int pid) {
#ifdef ARCHITECTURE
  struct assembler assembler = {filter, 0}, *a = &assembler;
  LOAD(offsetof(struct seccomp_data, arch));
  emit(a, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
  RETURN(SECCOMP_RET_KILL_PROCESS);
  LOAD(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  // Numbers of the x32 calls.
  emit(a, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000u);
  RETURN(SECCOMP_RET_KILL_PROCESS);
#endif
  judge_arguments(a, namespaces, pid);
  search_numbers(a, namespaces);
  return a->count <= ORC_SANDBOX_FILTER_MAX ? a->count : 0;
#else
  (void)filter, (void)namespaces, (void)pid;
  return 0;
#endif
}

int orc_sandbox_has_seccomp(void) {
#ifdef ARCHITECTURE
  uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0u, &action) == 0;
#else
  return 0;
#endif
}

const char *orc_sandbox_enter_seccomp(int namespaces) {
  struct orc_sandbox_instruction filter[ORC_SANDBOX_FILTER_MAX];
  int count = orc_sandbox_filter(filter, namespaces, getpid());
  _Static_assert(sizeof *filter == sizeof(struct sock_filter), "the kernel's layout");
  struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)filter};
  if (count == 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &program) != 0)
    return "install the filter of system calls";
  return NULL;
}
