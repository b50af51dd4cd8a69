// Compiles every module of the CUDA backend with NVRTC, which needs no card, and prints a table.
// compile <folder of libnvrtc> [-v]: -v names each kernel's registers and spills. 1: one did not compile.

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "orc_cuda_kernels.h"

typedef void *program;
typedef struct {
  int (*version)(int *, int *);
  int (*create)(program *, const char *, const char *, int, const char *const *, const char *const *);
  int (*compile)(program, int, const char *const *);
  int (*log_size)(program, size_t *);
  int (*log)(program, char *);
  int (*cubin_size)(program, size_t *);
  int (*ptx_size)(program, size_t *);
  int (*destroy)(program *);
} nvrtc;

static void *library(const char *folder, const char *name, int flags) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  void *handle = dlopen(path, flags);
  if (!handle) fprintf(stderr, "cuda-compile: %s\n", dlerror());
  return handle;
}

static int load(nvrtc *api, const char *folder) {
  // libnvrtc does not find its neighbour by itself.
  library(folder, "libnvrtc-builtins.so.13.0", RTLD_NOW | RTLD_GLOBAL);
  void *handle = library(folder, "libnvrtc.so.13", RTLD_NOW);
  if (!handle) return 0;
  const struct {
    void *target;
    const char *name;
  } members[] = {
      {&api->version, "nvrtcVersion"},           {&api->create, "nvrtcCreateProgram"},
      {&api->compile, "nvrtcCompileProgram"},    {&api->log_size, "nvrtcGetProgramLogSize"},
      {&api->log, "nvrtcGetProgramLog"},         {&api->cubin_size, "nvrtcGetCUBINSize"},
      {&api->ptx_size, "nvrtcGetPTXSize"},       {&api->destroy, "nvrtcDestroyProgram"},
  };
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    void *symbol = dlsym(handle, members[i].name);
    if (!symbol) return 0;
    memcpy(members[i].target, &symbol, sizeof symbol);
  }
  return 1;
}

/// What the assembler said: the most registers of a kernel and all bytes that did not fit them.
static void measure(const char *log, int *registers, int *spilled, int verbose) {
  char name[128] = "";
  for (const char *line = log; line && *line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    const char *end = strchr(line, '\n');
    char text[512];
    size_t length = end ? (size_t)(end - line) : strlen(line);
    snprintf(text, sizeof text, "%.*s", (int)(length < 500 ? length : 500), line);
    int used = 0, stores = 0, loads = 0, stack = 0;
    const char *at;
    if ((at = strstr(text, "Compiling entry function '"))) sscanf(at + 26, "%127[^']", name);
    if ((at = strstr(text, "bytes stack frame"))) {
      while (at > text && at[-1] != ',') at--;
      if (sscanf(at, " %d bytes stack frame, %d bytes spill stores, %d bytes spill loads", &stack,
                 &stores, &loads) == 3 && verbose && stack + stores > 0)
        printf("    %-28s stack %d, spilled %d\n", name, stack, stores + loads);
      *spilled += stores + loads;
    }
    if ((at = strstr(text, "Used ")) && sscanf(at, "Used %d registers", &used) == 1) {
      if (used > *registers) *registers = used;
      if (verbose) printf("    %-28s %s\n", name, at);
    }
  }
}

static int compile(const nvrtc *api, const orc_cuda_source *source, const char *target, int verbose) {
  char architecture[64];
  snprintf(architecture, sizeof architecture, "--gpu-architecture=%s", target);
  const char *options[] = {architecture, "--std=c++17", "--ptxas-options=-v"};
  int is_ptx = strncmp(target, "compute", 7) == 0, count = is_ptx ? 2 : 3;
  char *text = malloc(source->size + 1);
  memcpy(text, source->source, source->size);
  text[source->size] = 0;
  program p;
  if (api->create(&p, text, source->topic, 0, NULL, NULL) != 0) return 0;
  struct timespec a, b;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  int status = api->compile(p, count, options);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  size_t size = 0, bytes = 0;
  api->log_size(p, &size);
  char *log = calloc(size + 1, 1);
  api->log(p, log);
  if (status == 0) (is_ptx ? api->ptx_size : api->cubin_size)(p, &bytes);
  int registers = 0, spilled = 0;
  measure(log, &registers, &spilled, verbose);
  int is_good = status == 0 && spilled == 0 && !strstr(log, ": warning") &&
                !strstr(log, "ptxas warning");
  if (!is_good) printf("%s %s:\n%s\n", source->topic, target, log);
  double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
  printf("%-20s %-11s %7.0f %9zu", source->topic, target, ms, bytes);
  if (is_ptx) printf("\n");
  else printf(" %9d %9d\n", registers, spilled);
  api->destroy(&p);
  free(log);
  free(text);
  return is_good;
}

int main(int argc, char **argv) {
  nvrtc api;
  if (argc < 2 || !load(&api, argv[1])) return 2;
  int major = 0, minor = 0, failed = 0;
  api.version(&major, &minor);
  int verbose = argc > 2 && strcmp(argv[2], "-v") == 0;
  static const char *const targets[] = {"sm_80", "sm_90", "compute_90"};
  size_t count;
  const orc_cuda_source *sources = orc_cuda_sources(&count);
  printf("NVRTC %d.%d\n%-20s %-11s %7s %9s %9s %9s\n", major, minor, "module", "target", "ms (CPU)",
         "bytes", "registers", "spilled");
  for (size_t i = 0; i < count; i++)
    for (size_t t = 0; t < 3; t++) failed += !compile(&api, &sources[i], targets[t], verbose);
  printf("cuda-compile: %zu modules for 3 targets, %d failed\n", count, failed);
  return failed > 0;
}
