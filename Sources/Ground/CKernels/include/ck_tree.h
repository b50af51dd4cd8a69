#ifndef ORCHESTRATE_CK_TREE_H
#define ORCHESTRATE_CK_TREE_H

#include <stddef.h>
#include <stdint.h>

/// What the file system says of one file; times in nanoseconds since 1970.
typedef struct {
  uint64_t device, inode;
  int64_t size, modified, changed;
} ck_stamp;

/// Regular files below a folder.
typedef struct {
  /// Relative names, each ended by a zero, in order.
  char *names;
  size_t name_bytes, name_room;
  /// One per name.
  ck_stamp *stamps;
  size_t count, room;
} ck_tree;

/// Lists every regular file below `path` with its stamp: names in order of their bytes, folder by
/// folder. Names that begin with a dot are left out; links to files are followed, links to folders
/// are not. Returns 0 or an errno; the tree is to be freed either way.
int ck_tree_list(const char *path, ck_tree *tree);
void ck_tree_free(ck_tree *tree);

#endif
