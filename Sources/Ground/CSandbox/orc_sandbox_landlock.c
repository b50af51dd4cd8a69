// Landlock: what a process may do with files, TCP, abstract sockets and signals, set by itself and
// for good. Constants are spelled out because the build machine's headers may be older than the
// kernel. Source: Documentation/userspace-api/landlock.rst of Linux 6.12 and later.
#define _GNU_SOURCE
#include "orc_sandbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define RULE_PATH_BENEATH 1

#define EXECUTE (1ull << 0)
#define WRITE_FILE (1ull << 1)
#define READ_FILE (1ull << 2)
#define READ_DIR (1ull << 3)
#define TRUNCATE (1ull << 14)
#define MAKE_CHAR (1ull << 6)
#define MAKE_BLOCK (1ull << 11)
#define READING (EXECUTE | READ_FILE | READ_DIR)

struct ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
};

struct __attribute__((packed)) path_rule {
  uint64_t allowed;
  int32_t parent;
};

int orc_sandbox_landlock_abi(void) {
  long abi = syscall(CREATE_RULESET, NULL, 0ul, 1u);
  return abi > 0 ? (int)abi : 0;
}

// ABI 1 knows bits 0 to 12, 2 adds REFER (13), 3 TRUNCATE (14), 5 IOCTL_DEV (15).
static uint64_t known_rights(int abi) {
  int bits = abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13;
  return (1ull << bits) - 1;
}

static int allow(int ruleset, const char *path, uint64_t rights) {
  int parent = open(path, O_PATH | O_CLOEXEC);
  // What the caller cannot reach, the program cannot read either way.
  if (parent < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
  struct stat info;
  int result = fstat(parent, &info);
  if (result == 0) {
    if (!S_ISDIR(info.st_mode)) rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
    struct path_rule rule = {.allowed = rights, .parent = parent};
    result = (int)syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0u);
  }
  close(parent);
  return result;
}

static int allow_all(const struct orc_sandbox *what, int ruleset, int private_root, uint64_t known) {
  static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};
  uint64_t device = (READ_FILE | WRITE_FILE | TRUNCATE) & known;
  for (int i = 0; i < 4; i++)
    if (allow(ruleset, devices[i], device) != 0) return -1;
  if (private_root)
    return allow(ruleset, "/", READING) != 0
        || allow(ruleset, "/tmp", known & ~(MAKE_CHAR | MAKE_BLOCK)) != 0 ? -1 : 0;
  for (const char *const *path = what->readable; *path; path++)
    if (allow(ruleset, *path, READING) != 0) return -1;
  return 0;
}

const char *orc_sandbox_enter_landlock(const struct orc_sandbox *what, int private_root, int abi) {
  uint64_t known = known_rights(abi);
  // ABI 4: TCP bind and connect; ABI 6: abstract sockets and signals. Nothing is allowed of them.
  struct ruleset set = {.files = known, .network = 3, .scoped = 3};
  size_t size = abi >= 6 ? sizeof set : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
  int ruleset = (int)syscall(CREATE_RULESET, &set, size, 0u);
  if (ruleset < 0) return "make a Landlock rule set";
  if (allow_all(what, ruleset, private_root, known) != 0) return "add a Landlock rule";
  if (syscall(RESTRICT_SELF, ruleset, 0u) != 0) return "enter Landlock";
  close(ruleset);
  return NULL;
}
