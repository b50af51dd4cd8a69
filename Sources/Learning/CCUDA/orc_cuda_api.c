#define _GNU_SOURCE
#include "include/orc_cuda_api.h"

#include <dlfcn.h>
#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static orc_cuda cuda;
static orc_nvrtc nvrtc;
static orc_cublas cublas;
static int compiler_major, blas_major;

/// A pointer to fill and the symbol that fills it.
typedef struct entry {
  void **slot;
  const char *symbol;
} entry;

/// Fills a table; the first symbol that is missing is the reason.
static int fill(void *library, const entry *entries, size_t count, char reason[512],
                const char *name) {
  for (size_t i = 0; i < count; i++) {
    *entries[i].slot = dlsym(library, entries[i].symbol);
    if (*entries[i].slot) continue;
    snprintf(reason, 512, "%s has no '%s': it is too old", name, entries[i].symbol);
    return 0;
  }
  return 1;
}

// MARK: - The driver

static void load_cuda(void) {
  const char *hidden = getenv("ORCHESTRATE_CUDA");
  if (hidden && strcmp(hidden, "none") == 0) {
    snprintf(cuda.reason, sizeof cuda.reason, "ORCHESTRATE_CUDA is 'none'");
    return;
  }
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(cuda.reason, sizeof cuda.reason, "%s", error ? error : "libcuda.so.1 was not found");
    return;
  }
  const entry entries[] = {
      {(void **)&cuda.Init, "cuInit"},
      {(void **)&cuda.DriverGetVersion, "cuDriverGetVersion"},
      {(void **)&cuda.GetErrorName, "cuGetErrorName"},
      {(void **)&cuda.GetErrorString, "cuGetErrorString"},
      {(void **)&cuda.DeviceGetCount, "cuDeviceGetCount"},
      {(void **)&cuda.DeviceGet, "cuDeviceGet"},
      {(void **)&cuda.DeviceGetName, "cuDeviceGetName"},
      {(void **)&cuda.DeviceGetAttribute, "cuDeviceGetAttribute"},
      {(void **)&cuda.DeviceTotalMem, "cuDeviceTotalMem_v2"},
      {(void **)&cuda.DevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain"},
      {(void **)&cuda.DevicePrimaryCtxRelease, "cuDevicePrimaryCtxRelease_v2"},
      {(void **)&cuda.CtxSetCurrent, "cuCtxSetCurrent"},
      {(void **)&cuda.MemGetInfo, "cuMemGetInfo_v2"},
      {(void **)&cuda.MemAlloc, "cuMemAlloc_v2"},
      {(void **)&cuda.MemFree, "cuMemFree_v2"},
      {(void **)&cuda.MemcpyHtoDAsync, "cuMemcpyHtoDAsync_v2"},
      {(void **)&cuda.MemcpyDtoHAsync, "cuMemcpyDtoHAsync_v2"},
      {(void **)&cuda.MemcpyDtoDAsync, "cuMemcpyDtoDAsync_v2"},
      {(void **)&cuda.MemsetD32Async, "cuMemsetD32Async"},
      {(void **)&cuda.StreamCreate, "cuStreamCreate"},
      {(void **)&cuda.StreamDestroy, "cuStreamDestroy_v2"},
      {(void **)&cuda.StreamSynchronize, "cuStreamSynchronize"},
      {(void **)&cuda.StreamWaitEvent, "cuStreamWaitEvent"},
      {(void **)&cuda.MemHostAlloc, "cuMemHostAlloc"},
      {(void **)&cuda.MemFreeHost, "cuMemFreeHost"},
      {(void **)&cuda.EventCreate, "cuEventCreate"},
      {(void **)&cuda.EventDestroy, "cuEventDestroy_v2"},
      {(void **)&cuda.EventRecord, "cuEventRecord"},
      {(void **)&cuda.EventSynchronize, "cuEventSynchronize"},
      {(void **)&cuda.EventElapsedTime, "cuEventElapsedTime"},
      {(void **)&cuda.ModuleLoadData, "cuModuleLoadData"},
      {(void **)&cuda.ModuleUnload, "cuModuleUnload"},
      {(void **)&cuda.ModuleGetFunction, "cuModuleGetFunction"},
      {(void **)&cuda.FuncSetAttribute, "cuFuncSetAttribute"},
      {(void **)&cuda.LaunchKernel, "cuLaunchKernel"},
  };
  if (!fill(library, entries, sizeof entries / sizeof *entries, cuda.reason, "libcuda.so.1"))
    return;
  int status = cuda.Init(0);
  if (status) {
    const char *name = NULL, *text = NULL;
    cuda.GetErrorName(status, &name);
    cuda.GetErrorString(status, &text);
    snprintf(cuda.reason, sizeof cuda.reason, "the driver does not start: %s (%s)",
             text ? text : "unknown", name ? name : "?");
    return;
  }
  if (cuda.DriverGetVersion(&cuda.driver_version))
    snprintf(cuda.reason, sizeof cuda.reason, "the driver does not tell its version");
}

// MARK: - Where the other libraries are

/// Folders below a place that hold libraries: a toolkit's, and those of NVIDIA's wheels.
static const char *const below[] = {"",
                                    "/lib64",
                                    "/lib",
                                    "/targets/x86_64-linux/lib",
                                    "/targets/sbsa-linux/lib",
                                    "/nvidia/cu13/lib",
                                    "/nvidia/cuda_nvrtc/lib",
                                    "/nvidia/cublas/lib",
                                    "/cu13/lib",
                                    "/cuda_nvrtc/lib",
                                    "/cublas/lib"};

/// Loads files of a pattern into view of every library: what another one needs and would not find.
static void load_beside(const char *folder, const char *pattern) {
  char path[PATH_MAX];
  glob_t found;
  if (snprintf(path, sizeof path, "%s/%s", folder, pattern) >= (int)sizeof path) return;
  if (glob(path, 0, NULL, &found) == 0)
    for (size_t i = 0; i < found.gl_pathc; i++) dlopen(found.gl_pathv[i], RTLD_NOW | RTLD_GLOBAL);
  globfree(&found);
}

/// `name`.so.`major` below a place, which may be a pattern.
static void *load_below(const char *place, const char *name, int major, const char *beside) {
  void *library = NULL;
  for (size_t i = 0; i < sizeof below / sizeof *below && !library; i++) {
    char path[PATH_MAX];
    int length =
        snprintf(path, sizeof path, "%s%s/%s.so.%d%s", place, below[i], name, major,
                 major == 11 && strcmp(name, "libnvrtc") == 0 ? ".2" : "");
    glob_t found;
    if (length >= (int)sizeof path || glob(path, 0, NULL, &found) != 0) continue;
    for (size_t k = 0; k < found.gl_pathc && !library; k++) {
      char folder[PATH_MAX];
      snprintf(folder, sizeof folder, "%s", found.gl_pathv[k]);
      *strrchr(folder, '/') = 0;
      load_beside(folder, beside);
      library = dlopen(found.gl_pathv[k], RTLD_NOW | RTLD_LOCAL);
    }
    globfree(&found);
  }
  return library;
}

/// The library of one major version, or NULL.
static void *load_major(const char *name, int major, const char *beside) {
  void *library = NULL;
  char copy[PATH_MAX], path[PATH_MAX];
  const char *places = getenv("ORCHESTRATE_CUDA_PATH");
  if (places && snprintf(copy, sizeof copy, "%s", places) < (int)sizeof copy) {
    char *rest = copy, *place;
    while (!library && (place = strsep(&rest, ":")))
      if (*place) library = load_below(place, name, major, beside);
  }
  if (!library) {
    snprintf(path, sizeof path, "%s.so.%d%s", name, major,
             major == 11 && strcmp(name, "libnvrtc") == 0 ? ".2" : "");
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  }
  if (!library) library = load_below("/usr/local/cuda", name, major, beside);
  static const char *const environments[] = {"VIRTUAL_ENV", "CONDA_PREFIX"};
  for (size_t i = 0; i < 2 && !library; i++) {
    const char *root = getenv(environments[i]);
    if (!root) continue;
    library = load_below(root, name, major, beside);
    if (library) break;
    if (snprintf(path, sizeof path, "%s/lib/python3.*/site-packages", root) < (int)sizeof path)
      library = load_below(path, name, major, beside);
  }
  return library;
}

/// The newest version that the driver takes.
static void *load_library(const char *name, int newest_major, const char *beside,
                          char reason[512]) {
  static const int majors[] = {13, 12, 11};
  for (size_t i = 0; i < sizeof majors / sizeof *majors; i++) {
    if (newest_major > 0 && majors[i] > newest_major) continue;
    void *library = load_major(name, majors[i], beside);
    if (library) return library;
  }
  snprintf(reason, 512,
           "no %s.so of CUDA 11 to %d was found in ORCHESTRATE_CUDA_PATH, LD_LIBRARY_PATH or "
           "/usr/local/cuda",
           name, newest_major > 0 && newest_major < 13 ? newest_major : 13);
  return NULL;
}

// MARK: - The compiler

static void load_nvrtc(void) {
  void *library =
      load_library("libnvrtc", compiler_major, "libnvrtc-builtins.so.[0-9]*", nvrtc.reason);
  if (!library) return;
  const entry entries[] = {
      {(void **)&nvrtc.Version, "nvrtcVersion"},
      {(void **)&nvrtc.GetErrorString, "nvrtcGetErrorString"},
      {(void **)&nvrtc.CreateProgram, "nvrtcCreateProgram"},
      {(void **)&nvrtc.DestroyProgram, "nvrtcDestroyProgram"},
      {(void **)&nvrtc.CompileProgram, "nvrtcCompileProgram"},
      {(void **)&nvrtc.GetProgramLogSize, "nvrtcGetProgramLogSize"},
      {(void **)&nvrtc.GetProgramLog, "nvrtcGetProgramLog"},
      {(void **)&nvrtc.GetCUBINSize, "nvrtcGetCUBINSize"},
      {(void **)&nvrtc.GetCUBIN, "nvrtcGetCUBIN"},
      {(void **)&nvrtc.GetPTXSize, "nvrtcGetPTXSize"},
      {(void **)&nvrtc.GetPTX, "nvrtcGetPTX"},
      {(void **)&nvrtc.GetNumSupportedArchs, "nvrtcGetNumSupportedArchs"},
      {(void **)&nvrtc.GetSupportedArchs, "nvrtcGetSupportedArchs"},
  };
  if (!fill(library, entries, sizeof entries / sizeof *entries, nvrtc.reason, "libnvrtc")) return;
  if (nvrtc.Version(&nvrtc.major, &nvrtc.minor))
    snprintf(nvrtc.reason, sizeof nvrtc.reason, "libnvrtc does not tell its version");
}

// MARK: - cuBLAS

static void load_cublas(void) {
  const char *hidden = getenv("ORCHESTRATE_CUBLAS");
  if (hidden && strcmp(hidden, "none") == 0) {
    snprintf(cublas.reason, sizeof cublas.reason, "ORCHESTRATE_CUBLAS is 'none'");
    return;
  }
  void *library = load_library("libcublas", blas_major, "libcublasLt.so.[0-9]*", cublas.reason);
  if (!library) return;
  const entry entries[] = {
      {(void **)&cublas.Create, "cublasCreate_v2"},
      {(void **)&cublas.Destroy, "cublasDestroy_v2"},
      {(void **)&cublas.GetVersion, "cublasGetVersion_v2"},
      {(void **)&cublas.SetStream, "cublasSetStream_v2"},
      {(void **)&cublas.SetWorkspace, "cublasSetWorkspace_v2"},
      {(void **)&cublas.GemmEx, "cublasGemmEx"},
  };
  fill(library, entries, sizeof entries / sizeof *entries, cublas.reason, "libcublas");
}

static pthread_once_t cuda_once = PTHREAD_ONCE_INIT;
static pthread_once_t nvrtc_once = PTHREAD_ONCE_INIT;
static pthread_once_t cublas_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t choice = PTHREAD_MUTEX_INITIALIZER;

const orc_cuda *orc_cuda_load(void) {
  pthread_once(&cuda_once, load_cuda);
  return &cuda;
}

const orc_nvrtc *orc_nvrtc_load(int newest_major) {
  pthread_mutex_lock(&choice);
  compiler_major = newest_major;
  pthread_once(&nvrtc_once, load_nvrtc);
  pthread_mutex_unlock(&choice);
  return &nvrtc;
}

const orc_cublas *orc_cublas_load(int newest_major) {
  pthread_mutex_lock(&choice);
  blas_major = newest_major;
  pthread_once(&cublas_once, load_cublas);
  pthread_mutex_unlock(&choice);
  return &cublas;
}
