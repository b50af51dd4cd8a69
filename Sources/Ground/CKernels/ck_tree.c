#define _GNU_SOURCE
#include "ck_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Folders deeper than this are not looked into.
enum { depth_max = 64 };

static int add(ck_tree *tree, const char *prefix, size_t prefix_bytes, const char *name,
               const struct stat *info) {
  size_t bytes = strlen(name) + 1;
  if (tree->name_bytes + prefix_bytes + bytes > tree->name_room) {
    size_t room = 2 * (tree->name_bytes + prefix_bytes + bytes);
    char *names = realloc(tree->names, room);
    if (!names) return ENOMEM;
    tree->names = names;
    tree->name_room = room;
  }
  if (tree->count == tree->room) {
    size_t room = tree->room ? 2 * tree->room : 64;
    ck_stamp *stamps = realloc(tree->stamps, room * sizeof *stamps);
    if (!stamps) return ENOMEM;
    tree->stamps = stamps;
    tree->room = room;
  }
  memcpy(tree->names + tree->name_bytes, prefix, prefix_bytes);
  memcpy(tree->names + tree->name_bytes + prefix_bytes, name, bytes);
  tree->name_bytes += prefix_bytes + bytes;
  tree->stamps[tree->count++] = (ck_stamp){
      .device = info->st_dev,
      .inode = info->st_ino,
      .size = info->st_size,
      .modified = info->st_mtim.tv_sec * 1000000000ll + info->st_mtim.tv_nsec,
      .changed = info->st_ctim.tv_sec * 1000000000ll + info->st_ctim.tv_nsec,
  };
  return 0;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/// The names in a folder, sorted; each is to be freed, and the list.
static int names_of(DIR *folder, char ***list, size_t *count) {
  size_t room = 0;
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(folder);
    if (!entry) break;
    if (entry->d_name[0] == '.') continue;
    if (*count == room) {
      room = room ? 2 * room : 64;
      char **more = realloc(*list, room * sizeof *more);
      if (!more) return ENOMEM;
      *list = more;
    }
    char *name = strdup(entry->d_name);
    if (!name) return ENOMEM;
    (*list)[(*count)++] = name;
  }
  if (errno) return errno;
  if (*count) qsort(*list, *count, sizeof **list, by_bytes);
  return 0;
}

/// Takes the ownership of `descriptor`.
static int walk(ck_tree *tree, int descriptor, const char *prefix, size_t prefix_bytes, int depth) {
  DIR *folder = fdopendir(descriptor);
  if (!folder) {
    int number = errno;
    close(descriptor);
    return number;
  }
  char **names = NULL;
  size_t count = 0;
  int failure = names_of(folder, &names, &count);
  for (size_t i = 0; i < count && !failure; i++) {
    struct stat info;
    if (fstatat(descriptor, names[i], &info, AT_SYMLINK_NOFOLLOW) != 0) {
      // Gone since it was listed.
      if (errno != ENOENT) failure = errno;
      continue;
    }
    if (S_ISLNK(info.st_mode) &&
        (fstatat(descriptor, names[i], &info, 0) != 0 || S_ISDIR(info.st_mode)))
      continue;
    if (S_ISREG(info.st_mode)) {
      failure = add(tree, prefix, prefix_bytes, names[i], &info);
    } else if (S_ISDIR(info.st_mode) && depth < depth_max) {
      size_t bytes = strlen(names[i]);
      char *below = malloc(prefix_bytes + bytes + 1);
      int inner = openat(descriptor, names[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
      if (!below || inner < 0) {
        failure = below ? errno : ENOMEM;
        if (inner >= 0) close(inner);
      } else {
        memcpy(below, prefix, prefix_bytes);
        memcpy(below + prefix_bytes, names[i], bytes);
        below[prefix_bytes + bytes] = '/';
        failure = walk(tree, inner, below, prefix_bytes + bytes + 1, depth + 1);
      }
      free(below);
    }
  }
  for (size_t i = 0; i < count; i++) free(names[i]);
  free(names);
  closedir(folder);
  return failure;
}

int ck_tree_list(const char *path, ck_tree *tree) {
  memset(tree, 0, sizeof *tree);
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return folder < 0 ? errno : walk(tree, folder, "", 0, 0);
}

void ck_tree_free(ck_tree *tree) {
  free(tree->names);
  free(tree->stamps);
  memset(tree, 0, sizeof *tree);
}
