#ifndef ORCHESTRATE_ORC_SANDBOX_PARTS_H
#define ORCHESTRATE_ORC_SANDBOX_PARTS_H

#include "CSandbox.h"

/// Parts of orc_sandbox_start that run in the new process. Each returns NULL, or the step that
/// failed, with errno.

/// Makes a tmpfs with read-only binds of `readable`, the harmless devices and a /tmp of limited size
/// the root; the old root is gone from view.
const char *orc_sandbox_enter_root(const struct orc_sandbox *what);

/// Denies all of the file system but reading below `readable` (with `private_root`: below /) and
/// writing in a private root's /tmp, all TCP, abstract sockets and signals to outside, as far as
/// `abi` goes.
const char *orc_sandbox_enter_landlock(const struct orc_sandbox *what, int private_root, int abi);

/// Installs orc_sandbox_filter for this process.
const char *orc_sandbox_enter_seccomp(int namespaces);

#endif
