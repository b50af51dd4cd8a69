#include "include/COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static orc_blas blas;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// The first two words of OpenBLAS' configuration: name and version.
static void copy_version(const char *configuration) {
  size_t spaces = 0, n = 0;
  for (; configuration[n] && n + 1 < sizeof blas.version; n++) {
    if (configuration[n] == ' ' && ++spaces == 2) break;
    blas.version[n] = configuration[n];
  }
  blas.version[n] = 0;
}

/// NULL leaves the choice to the library.
static const char *core_of_this_cpu(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
  return NULL;
}

static void load(void) {
  const char *core = getenv("ORCHESTRATE_BLAS_CORE");
  if (core && strcmp(core, "none") == 0) return;
  unsetenv("OPENBLAS_L2_SIZE");
  unsetenv("OPENBLAS_CORETYPE");
  if (!core || !*core) core = core_of_this_cpu();
  if (core && strcmp(core, "auto") != 0) setenv("OPENBLAS_CORETYPE", core, 1);
  // Read once by the library when it is loaded: no threads of its own are started.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"};
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  unsetenv("OPENBLAS_NUM_THREADS");
  if (!library) return;
  void *sgemm = dlsym(library, "cblas_sgemm");
  void *threads = dlsym(library, "openblas_set_num_threads");
  void *corename = dlsym(library, "openblas_get_corename");
  void *config = dlsym(library, "openblas_get_config");
  if (!sgemm || !threads || !corename || !config) return;
  ((void (*)(int))threads)(1);
  snprintf(blas.core, sizeof blas.core, "%s", ((const char *(*)(void))corename)());
  copy_version(((const char *(*)(void))config)());
  blas.sgemm = (orc_sgemm)sgemm;
}

const orc_blas *orc_blas_load(void) {
  pthread_once(&once, load);
  return &blas;
}
