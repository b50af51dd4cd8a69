#include "ck_process.h"

#include <sys/prctl.h>
#include <sys/vfs.h>

int ck_set_parent_death_signal(int signal) {
  return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0ul, 0ul, 0ul);
}

unsigned int ck_file_system_type(const char *path) {
  struct statfs info;
  return statfs(path, &info) == 0 ? (unsigned int)info.f_type : 0;
}
