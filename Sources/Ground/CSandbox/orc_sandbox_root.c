// The private root: a tmpfs that holds read-only binds of what the program reads, four devices and
// a working folder of limited size.
#define _GNU_SOURCE
#include "orc_sandbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOUNT_SETATTR 442
#define ATTRIBUTES_RECURSIVE 0x8000u  // AT_RECURSIVE

struct attributes {  // struct mount_attr of linux/mount.h
  uint64_t set, clear, propagation, user_namespace;
};

// `text` with a decimal number appended; no snprintf between clone and exec.
static char *append(char *end, const char *text) {
  while (*text) *end++ = *text++;
  *end = 0;
  return end;
}

static char *append_number(char *end, uint64_t number) {
  char digits[24];
  int count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while (number /= 10);
  while (count) *end++ = digits[--count];
  *end = 0;
  return end;
}

// The folders above the last part of `path`, which is changed and restored on the way.
static int make_parents(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    int result = mkdir(path, 0755);
    *slash = '/';
    if (result != 0 && errno != EEXIST) return -1;
  }
  return 0;
}

// Flags of the mount below `path` that a remount must keep.
static unsigned long kept_flags(const char *path) {
  struct statvfs info;
  if (statvfs(path, &info) != 0) return 0;
  unsigned long flags = 0;
  if (info.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
  if (info.f_flag & ST_NODEV) flags |= MS_NODEV;
  if (info.f_flag & ST_NOATIME) flags |= MS_NOATIME;
  if (info.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
  if (info.f_flag & ST_RELATIME) flags |= MS_RELATIME;
  return flags;
}

// A bind that cannot be written. Mounts inside the source stay out of view; where the kernel refuses
// that (they are locked to it), they come along, read-only too.
static int bind(const char *source, const char *target, unsigned long flags) {
  if (mount(source, target, NULL, MS_BIND, NULL) == 0) {
    unsigned long kept = kept_flags(target);
    return mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | kept | flags,
                 NULL);
  }
  if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
  struct attributes attributes = {.set = 1 | 2};  // MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID
  if (flags & MS_NODEV) attributes.set |= 4;      // MOUNT_ATTR_NODEV
  return (int)syscall(MOUNT_SETATTR, AT_FDCWD, target, ATTRIBUTES_RECURSIVE, &attributes,
                      sizeof attributes);
}

// Puts `path` of the old root at the same place of the new one.
static int show(const char *path, unsigned long flags) {
  char source[PATH_MAX + 8], target[PATH_MAX + 8];
  if (path[0] != '/' || strlen(path) >= PATH_MAX) return errno = ENAMETOOLONG, -1;
  append(append(source, "/old"), path);
  append(append(target, "/new"), path);
  struct stat info;
  // What the caller cannot reach, the program cannot read either way.
  if (lstat(source, &info) != 0)
    return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
  if (make_parents(target) != 0) return -1;
  if (S_ISLNK(info.st_mode)) {
    char where[PATH_MAX];
    ssize_t length = readlink(source, where, sizeof where - 1);
    if (length < 0) return -1;
    where[length] = 0;
    return symlink(where, target) == 0 || errno == EEXIST ? 0 : -1;
  }
  if (S_ISDIR(info.st_mode)) {
    if (mkdir(target, 0755) != 0 && errno != EEXIST) return -1;
  } else {
    int file = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    // It lies in a folder that is there already.
    if (file < 0) return errno == EROFS || errno == EEXIST ? 0 : -1;
    close(file);
  }
  return bind(source, target, flags);
}

static int write_file(const char *path, const char *text) {
  int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) return -1;
  ssize_t count = write(file, text, strlen(text));
  close(file);
  return count == (ssize_t)strlen(text) ? 0 : -1;
}

static const char *fill(const struct orc_sandbox *what) {
  static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};
  // Before the binds, some of which may lie in it.
  if (mkdir("/new/tmp", 0755) != 0 && errno != EEXIST) return "fill the private root";
  char options[128];
  char *end = append_number(append(options, "mode=1777,size="), what->folder_bytes);
  append_number(append(end, ",nr_inodes="), what->folder_files + 1);
  if (mount("tmpfs", "/new/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0)
    return "mount the working folder";
  for (const char *const *path = what->readable; *path; path++)
    if (show(*path, MS_NODEV) != 0) return "bind a folder into the private root";
  for (int i = 0; i < 4; i++)
    if (show(devices[i], MS_NOEXEC) != 0) return "bind a device into the private root";
  if (mkdir("/new/etc", 0755) != 0 && errno != EEXIST) return "fill the private root";
  if (write_file("/new/etc/passwd", "nobody:x:65534:65534:nobody:/tmp:/bin/sh\n") != 0
      || write_file("/new/etc/group", "nogroup:x:65534:\n") != 0
      || symlink("/tmp", "/new/dev/shm") != 0)
    return "fill the private root";
  return NULL;
}

const char *orc_sandbox_enter_root(const struct orc_sandbox *what) {
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return "make mounts private";
  // /tmp is everywhere; the old one stays visible below /old until the end.
  if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m,nr_inodes=512") != 0)
    return "mount the private root";
  if (mkdir("/tmp/old", 0755) != 0 || mkdir("/tmp/new", 0755) != 0
      || syscall(SYS_pivot_root, "/tmp", "/tmp/old") != 0 || chdir("/") != 0
      || mount("/new", "/new", NULL, MS_BIND, NULL) != 0)
    return "enter the private root";
  const char *step = fill(what);
  if (step) return step;
  if (chdir("/new") != 0 || syscall(SYS_pivot_root, ".", ".") != 0
      || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
    return "leave the old root";
  if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0)
    return "make the private root read-only";
  return chdir("/tmp") == 0 ? NULL : "enter the working folder";
}
