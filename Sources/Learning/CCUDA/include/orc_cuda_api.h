#ifndef ORCHESTRATE_CUDA_API_H
#define ORCHESTRATE_CUDA_API_H

#include <stddef.h>

/// NVIDIA's driver, its run-time compiler and cuBLAS, found with dlopen at run time: no header and no
/// library of theirs at build time, and their absence is a normal answer.
///
/// Types are those of the ABI: a handle is a pointer, an address of the device 64 bits, a status an
/// int whose 0 is success. Names and versions are those of the entry points that are looked up
/// (CUDA 11.2 or later has all of them).

typedef unsigned long long orc_device_address;

/// cuda.h.
typedef struct orc_cuda {
  /// Empty when everything was found; else what is missing.
  char reason[512];
  /// 1000 · major + 10 · minor of the newest CUDA that the driver serves.
  int driver_version;
  int (*Init)(unsigned flags);
  int (*DriverGetVersion)(int *version);
  int (*GetErrorName)(int status, const char **name);
  int (*GetErrorString)(int status, const char **text);
  int (*DeviceGetCount)(int *count);
  int (*DeviceGet)(int *device, int index);
  int (*DeviceGetName)(char *name, int size, int device);
  int (*DeviceGetAttribute)(int *value, int attribute, int device);
  int (*DeviceTotalMem)(size_t *bytes, int device);
  int (*DevicePrimaryCtxRetain)(void **context, int device);
  int (*DevicePrimaryCtxRelease)(int device);
  int (*CtxSetCurrent)(void *context);
  int (*MemGetInfo)(size_t *free, size_t *total);
  int (*MemAlloc)(orc_device_address *address, size_t bytes);
  int (*MemFree)(orc_device_address address);
  int (*MemcpyHtoDAsync)(orc_device_address target, const void *source, size_t bytes, void *stream);
  int (*MemcpyDtoHAsync)(void *target, orc_device_address source, size_t bytes, void *stream);
  int (*MemcpyDtoDAsync)(orc_device_address target, orc_device_address source, size_t bytes,
                         void *stream);
  int (*MemsetD32Async)(orc_device_address target, unsigned value, size_t count, void *stream);
  int (*StreamCreate)(void **stream, unsigned flags);
  int (*StreamDestroy)(void *stream);
  int (*StreamSynchronize)(void *stream);
  int (*StreamWaitEvent)(void *stream, void *event, unsigned flags);
  int (*MemHostAlloc)(void **host, size_t bytes, unsigned flags);
  int (*MemFreeHost)(void *host);
  int (*EventCreate)(void **event, unsigned flags);
  int (*EventDestroy)(void *event);
  int (*EventRecord)(void *event, void *stream);
  int (*EventSynchronize)(void *event);
  int (*EventElapsedTime)(float *milliseconds, void *start, void *end);
  int (*ModuleLoadData)(void **module, const void *image);
  int (*ModuleUnload)(void *module);
  int (*ModuleGetFunction)(void **function, void *module, const char *name);
  int (*FuncSetAttribute)(void *function, int attribute, int value);
  int (*LaunchKernel)(void *function, unsigned gridX, unsigned gridY, unsigned gridZ,
                      unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                      void *stream, void **arguments, void **extra);
} orc_cuda;

/// nvrtc.h.
typedef struct orc_nvrtc {
  char reason[512];
  int major, minor;
  int (*Version)(int *major, int *minor);
  const char *(*GetErrorString)(int status);
  int (*CreateProgram)(void **program, const char *source, const char *name, int headerCount,
                       const char *const *headers, const char *const *headerNames);
  int (*DestroyProgram)(void **program);
  int (*CompileProgram)(void *program, int optionCount, const char *const *options);
  int (*GetProgramLogSize)(void *program, size_t *bytes);
  int (*GetProgramLog)(void *program, char *log);
  int (*GetCUBINSize)(void *program, size_t *bytes);
  int (*GetCUBIN)(void *program, char *image);
  int (*GetPTXSize)(void *program, size_t *bytes);
  /// With a zero at its end.
  int (*GetPTX)(void *program, char *text);
  int (*GetNumSupportedArchs)(int *count);
  /// Numbers such as 90, ascending.
  int (*GetSupportedArchs)(int *architectures);
} orc_nvrtc;

/// cublas_v2.h. Column-major; types and compute types are cudaDataType and cublasComputeType.
typedef struct orc_cublas {
  char reason[512];
  int (*Create)(void **handle);
  int (*Destroy)(void *handle);
  int (*GetVersion)(void *handle, int *version);
  int (*SetStream)(void *handle, void *stream);
  int (*SetWorkspace)(void *handle, void *address, size_t bytes);
  int (*GemmEx)(void *handle, int transposeA, int transposeB, int m, int n, int k,
                const void *alpha, const void *A, int typeA, int lda, const void *B, int typeB,
                int ldb, const void *beta, void *C, int typeC, int ldc, int computeType,
                int algorithm);
} orc_cublas;

/// The driver, `libcuda.so.1`, initialized. Loaded at the first call; never NULL, see `reason`.
const orc_cuda *orc_cuda_load(void);

/// The compiler. `newest_major`: the CUDA major version that the driver serves, whose compiled code
/// it loads (0: any). The first call decides.
///
/// Both this and cuBLAS are looked for in the folders of ORCHESTRATE_CUDA_PATH (separated by `:`; a
/// toolkit, a `lib` folder, or a `site-packages` with NVIDIA's wheels), then where the system finds
/// libraries (LD_LIBRARY_PATH), then in /usr/local/cuda and in the wheels of VIRTUAL_ENV and
/// CONDA_PREFIX.
const orc_nvrtc *orc_nvrtc_load(int newest_major);

/// cuBLAS, of the same search.
const orc_cublas *orc_cublas_load(int newest_major);

#endif
