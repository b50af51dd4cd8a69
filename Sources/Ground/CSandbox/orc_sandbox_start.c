// From clone to exec: the new process shares the caller's memory, the caller's thread sleeps until
// it has become the program or ended. A fork would copy the page tables of loaded models.
#define _GNU_SOURCE
#include "orc_sandbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_BYTES (256u << 10)
#define DESCRIPTORS_MAX 16
#define NOBODY 65534u

struct birth {
  const struct orc_sandbox *what;
  struct orc_sandbox_failure *failure;
  int parent_handle;  // a pidfd, or -1
  int privileged, may_change_user, landlock;
  uid_t user;         // of its own, where the caller may change it
  uid_t caller_user;  // what the user namespace maps
  gid_t caller_group;
};

static const char *limit(const struct orc_sandbox *what) {
  const struct {
    int resource;
    rlim_t soft, hard;
  } limits[] = {
      {RLIMIT_CPU, what->cpu_seconds, what->cpu_seconds + 1},
      {RLIMIT_AS, what->memory_bytes, what->memory_bytes},
      {RLIMIT_FSIZE, what->file_bytes, what->file_bytes},
      {RLIMIT_NOFILE, what->open_files, what->open_files},
      {RLIMIT_NPROC, what->processes, what->processes},
      {RLIMIT_CORE, 0, 0},
      {RLIMIT_MEMLOCK, 0, 0},
      {RLIMIT_MSGQUEUE, 0, 0},
      {RLIMIT_SIGPENDING, 256, 256},
  };
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    // Without namespaces the kernel counts all processes of the user; the filter refuses new ones.
    if (limits[i].resource == RLIMIT_NPROC && !(what->walls & ORC_WALL_NAMESPACES)) continue;
    struct rlimit now, wanted = {limits[i].soft, limits[i].hard};
    if (getrlimit(limits[i].resource, &now) != 0) return "read a limit";
    if (now.rlim_max < wanted.rlim_max) wanted.rlim_max = now.rlim_max;
    if (wanted.rlim_max < wanted.rlim_cur) wanted.rlim_cur = wanted.rlim_max;
    if (setrlimit(limits[i].resource, &wanted) != 0) return "set a limit";
  }
  return NULL;
}

// The given descriptors become 0, 1, 2, …, everything else is closed.
static const char *arrange(const struct orc_sandbox *what) {
  int moved[DESCRIPTORS_MAX], count = what->descriptor_count;
  if (count > DESCRIPTORS_MAX) return errno = EINVAL, "arrange descriptors";
  for (int i = 0; i < count; i++) {
    int from = what->descriptors[i];
    if (from < 0) from = open("/dev/null", O_RDWR | O_CLOEXEC);
    // Above all targets, so that no dup2 overwrites one that is still needed.
    moved[i] = fcntl(from, F_DUPFD_CLOEXEC, DESCRIPTORS_MAX);
    if (moved[i] < 0) return "arrange descriptors";
  }
  for (int i = 0; i < count; i++)
    if (dup2(moved[i], i) < 0) return "arrange descriptors";
  if (syscall(436, (unsigned)count, ~0u, 0u) == 0) return NULL;  // close_range, Linux 5.9
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return "close descriptors";
  for (int i = count; i < (int)files.rlim_max && i < (1 << 20); i++) close(i);
  return NULL;
}

static int write_text(const char *path, const char *text, size_t count) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t written = write(file, text, count);
  int number = errno;
  close(file);
  errno = number;
  return written == (ssize_t)count ? 0 : -1;
}

static int write_map(const char *path, unsigned outside) {
  char text[40] = "65534 ", digits[12];
  int count = 6, length = 0;
  do digits[length++] = (char)('0' + outside % 10);
  while (outside /= 10);
  while (length) text[count++] = digits[--length];
  memcpy(text + count, " 1", 2);
  return write_text(path, text, (size_t)count + 2);
}

static const char *map_user(const struct birth *birth) {
  // Older kernels have no setgroups file and no need of one.
  if (write_text("/proc/self/setgroups", "deny", 4) != 0 && errno != ENOENT)
    return "give up groups";
  if (write_map("/proc/self/uid_map", birth->caller_user) != 0
      || write_map("/proc/self/gid_map", birth->caller_group) != 0)
    return "map the user";
  return NULL;
}

static const char *change_user(const struct birth *birth) {
  int new_namespace = (birth->what->walls & ORC_WALL_NAMESPACES) && !birth->privileged;
  if (new_namespace || !birth->may_change_user) return NULL;
  uid_t user = birth->user;
  // Raw calls: glibc's wrappers would change every thread of the caller.
  if (syscall(SYS_setgroups, 0ul, NULL) != 0) return "give up groups";
  if (syscall(SYS_setresgid, user, user, user) != 0) {
    user = NOBODY;  // a container that maps few numbers
    if (syscall(SYS_setresgid, user, user, user) != 0) return "change the group";
  }
  return syscall(SYS_setresuid, user, user, user) == 0 ? NULL : "change the user";
}

static void drop_bounding_set(void) {
  for (int capability = 0; capability < 64; capability++)
    if (prctl(PR_CAPBSET_DROP, (unsigned long)capability, 0ul, 0ul, 0ul) != 0) break;
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0ul, 0ul, 0ul);
}

static const char *clear_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  return syscall(SYS_capset, &header, none) == 0 ? NULL : "drop capabilities";
}

// Whether the caller was killed before the death signal was asked for.
static int parent_is_gone(const struct birth *birth) {
  struct pollfd watched = {.fd = birth->parent_handle, .events = POLLIN};
  return birth->parent_handle >= 0 && poll(&watched, 1, 0) == 1;
}

static const char *enter(const struct birth *birth) {
  const struct orc_sandbox *what = birth->what;
  int namespaces = (what->walls & ORC_WALL_NAMESPACES) != 0;
  const char *step = NULL;
  struct sigaction fresh = {.sa_handler = SIG_DFL};
  for (int number = 1; number < 65; number++) sigaction(number, &fresh, NULL);
  if (setsid() < 0) return "start a session";
  // The first to go when memory runs out. It may be refused; nothing rests on it.
  write_text("/proc/self/oom_score_adj", "1000", 4);
  if (namespaces) {
    if (!birth->privileged) step = map_user(birth);
    if (!step) step = orc_sandbox_enter_root(what);
    if (!step && sethostname("sandbox", 7) != 0) step = "name the host";
  }
  if (!step && what->walls) {
    drop_bounding_set();
    step = change_user(birth);
  }
  // After the change of user, which clears it.
  if (!step && prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0ul, 0ul, 0ul) != 0)
    step = "follow the parent";
  if (!step && parent_is_gone(birth)) _exit(129);
  if (!step) step = arrange(what);
  if (!step && what->walls) step = clear_capabilities();
  if (!step && prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul) != 0) step = "give up privileges";
  if (!step && (what->walls & ORC_WALL_LANDLOCK))
    step = orc_sandbox_enter_landlock(what, namespaces, birth->landlock);
  if (!step) step = limit(what);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (!step && (what->walls & ORC_WALL_SECCOMP)) step = orc_sandbox_enter_seccomp(namespaces);
  return step;
}

static int child(void *argument) {
  struct birth *birth = argument;
  const struct orc_sandbox *what = birth->what;
  const char *step = enter(birth);
  if (!step) {
    if (!what->path) _exit(0);
    execve(what->path, what->argv, what->envp);
    step = "execute the program";
  }
  birth->failure->number = errno;
  birth->failure->step = step;
  _exit(127);
}

static int dumpable = 1;
static pthread_once_t dumpable_once = PTHREAD_ONCE_INIT;
static void read_dumpable(void) { dumpable = prctl(PR_GET_DUMPABLE, 0ul, 0ul, 0ul, 0ul); }

static pid_t clone_child(struct birth *birth, void *stack) {
  int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
  if (birth->what->walls & ORC_WALL_NAMESPACES) {
    flags |= CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
             | CLONE_NEWCGROUP;
    if (!birth->privileged) flags |= CLONE_NEWUSER;
  }
  return clone(child, (char *)stack + STACK_BYTES, flags, birth);
}

int orc_sandbox_start(const struct orc_sandbox *what, int *pid,
                      struct orc_sandbox_failure *failure) {
  pthread_once(&dumpable_once, read_dumpable);
  failure->step = NULL;
  struct birth birth = {
      .what = what, .failure = failure,
      .parent_handle = (int)syscall(434, getpid(), 0u),  // pidfd_open, Linux 5.3
      .privileged = orc_sandbox_is_privileged(), .may_change_user = orc_sandbox_may_change_user(),
      .landlock = orc_sandbox_landlock_abi(),
      // Above all users of a machine, and one for each thread and slot: the count of processes is
      // the sandbox's alone.
      .user = (1u << 30) + ((unsigned)syscall(SYS_gettid) & 0x3FFFFFF) * 8 + (what->slot & 7),
      .caller_user = geteuid(), .caller_group = getegid()};
  void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    if (birth.parent_handle >= 0) close(birth.parent_handle);
    *failure = (struct orc_sandbox_failure){"reserve a stack", errno};
    return -1;
  }
  // A handler of the caller must not run in the child while both share memory.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t process = clone_child(&birth, stack);
  int number = errno;
  // A change of user in shared memory makes the caller undumpable as well.
  if (birth.may_change_user && dumpable == 1) prctl(PR_SET_DUMPABLE, 1ul, 0ul, 0ul, 0ul);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  munmap(stack, STACK_BYTES);
  if (birth.parent_handle >= 0) close(birth.parent_handle);
  if (process < 0) {
    *failure = (struct orc_sandbox_failure){"make namespaces", number};
    return -1;
  }
  if (failure->step) {
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    return -1;
  }
  *pid = process;
  return 0;
}

static int has_capabilities(unsigned needed) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  return syscall(SYS_capget, &header, data) == 0 && (data[0].effective & needed) == needed;
}

int orc_sandbox_may_change_user(void) {
  return has_capabilities(1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_SETPCAP);
}

int orc_sandbox_is_privileged(void) {
  return orc_sandbox_may_change_user() && has_capabilities(1u << CAP_SYS_ADMIN);
}

int orc_sandbox_file(const void *bytes, size_t count) {
  int file = memfd_create("orchestrate", MFD_CLOEXEC);
  if (file < 0) return -1;
  for (size_t written = 0; written < count;) {
    ssize_t more = write(file, (const char *)bytes + written, count - written);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) {
      int number = errno;
      close(file);
      errno = number;
      return -1;
    }
    written += (size_t)more;
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

int orc_sandbox_link(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}
