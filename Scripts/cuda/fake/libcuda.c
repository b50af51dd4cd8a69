// A driver without a card, for check-driver.sh: memory is the host's, a launch runs the kernel by the
// fiber emulation. What goes wrong is chosen by the environment:
//   FAKE_CUDA_VERSION  what cuDriverGetVersion says (default 13000)
//   FAKE_CUDA_MAJOR    the card's compute capability (default 9; minor is 0); of one that NVRTC does not
//                      know only PTX is taken
//   FAKE_CUDA_MEMORY   bytes of the card (default 1 GiB)
//   FAKE_CUDA_PINNED   0: no memory of the host is kept in place
//   FAKE_CUDA_LOST     launches after which every call answers 719, launch failed
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orc_emulation.h"

typedef unsigned long long address;

enum { OUT_OF_MEMORY = 2, INVALID_DEVICE = 101, NOT_FOUND = 500, LAUNCH_FAILED = 719 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t used;
static long launches;

static long number(const char *name, long fallback) {
  const char *text = getenv(name);
  return text ? atol(text) : fallback;
}
static size_t capacity(void) { return (size_t)number("FAKE_CUDA_MEMORY", 1L << 30); }
static int lost(void) { return launches > number("FAKE_CUDA_LOST", 1L << 60) ? LAUNCH_FAILED : 0; }

/// NVRTC asks for the driver's store of compiled code: there is none.
int cuGetExportTable(const void **table, const void *id) {
  (void)id;
  *table = NULL;
  return NOT_FOUND;
}

int cuInit(unsigned flags) { return flags ? 1 : 0; }
int cuDriverGetVersion(int *version) {
  *version = (int)number("FAKE_CUDA_VERSION", 13000);
  return 0;
}
int cuGetErrorName(int status, const char **name) {
  *name = status == OUT_OF_MEMORY   ? "CUDA_ERROR_OUT_OF_MEMORY"
          : status == LAUNCH_FAILED ? "CUDA_ERROR_LAUNCH_FAILED"
                                    : "CUDA_ERROR";
  return 0;
}
int cuGetErrorString(int status, const char **text) {
  *text = status == OUT_OF_MEMORY   ? "out of memory"
          : status == LAUNCH_FAILED ? "unspecified launch failure"
                                    : "an error";
  return 0;
}
int cuDeviceGetCount(int *count) {
  *count = 1;
  return 0;
}
int cuDeviceGet(int *device, int index) {
  *device = index;
  return index == 0 ? 0 : INVALID_DEVICE;
}
int cuDeviceGetName(char *name, int size, int device) {
  snprintf(name, (size_t)size, "emulated card %d", device);
  return 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  (void)device;
  *value = attribute == 75   ? (int)number("FAKE_CUDA_MAJOR", 9)
           : attribute == 16 ? 2
           : attribute == 97 ? 227 << 10
                             : 0;
  return 0;
}
int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  (void)device;
  *bytes = capacity();
  return 0;
}
int cuDevicePrimaryCtxRetain(void **context, int device) {
  (void)device;
  static int one;
  *context = &one;
  return 0;
}
int cuDevicePrimaryCtxRelease_v2(int device) { return device; }
int cuCtxSetCurrent(void *context) { return context ? 0 : 1; }
int cuMemGetInfo_v2(size_t *free, size_t *total) {
  *total = capacity();
  *free = capacity() - used;
  return lost();
}

/// The size lies before the memory.
int cuMemAlloc_v2(address *out, size_t bytes) {
  if (lost()) return lost();
  pthread_mutex_lock(&lock);
  int fits = used + bytes <= capacity();
  if (fits) used += bytes;
  pthread_mutex_unlock(&lock);
  if (!fits) return OUT_OF_MEMORY;
  char *memory = aligned_alloc(256, (bytes + 511) / 256 * 256);
  if (!memory) return OUT_OF_MEMORY;
  memset(memory, 0xFF, (bytes + 511) / 256 * 256);
  memcpy(memory, &bytes, sizeof bytes);
  *out = (address)(memory + 256);
  return 0;
}
int cuMemFree_v2(address memory) {
  size_t bytes;
  memcpy(&bytes, (char *)memory - 256, sizeof bytes);
  pthread_mutex_lock(&lock);
  used -= bytes;
  pthread_mutex_unlock(&lock);
  free((char *)memory - 256);
  return lost();
}

// Copies on a stream that begins by waiting for another one are made as late as they may be: when the other
// stream waits for an event behind them, or the host does. What is used too early then has other bytes.
typedef struct {
  void *target;
  const void *source;
  size_t bytes;
} copy;
enum { PENDING = 64 };
typedef struct {
  int is_used, is_late, count;
  /// Copies that were made.
  long made;
  copy pending[PENDING];
} fake_stream;
typedef struct {
  fake_stream *stream;
  long position;
} fake_event;

static void make_copies(fake_stream *stream, long position) {
  int due = 0;
  while (due < stream->count && stream->made < position) {
    copy *c = &stream->pending[due++];
    memcpy(c->target, c->source, c->bytes);
    stream->made++;
  }
  memmove(stream->pending, stream->pending + due, sizeof(copy) * (size_t)(stream->count - due));
  stream->count -= due;
}
static int do_copy(void *target, const void *source, size_t bytes, fake_stream *stream) {
  stream->is_used = 1;
  if (!stream->is_late) {
    memcpy(target, source, bytes);
    return lost();
  }
  if (stream->count == PENDING) make_copies(stream, stream->made + 1);
  stream->pending[stream->count++] = (copy){target, source, bytes};
  return lost();
}
int cuMemcpyHtoDAsync_v2(address target, const void *source, size_t bytes, void *stream) {
  return do_copy((void *)target, source, bytes, stream);
}
int cuMemcpyDtoHAsync_v2(void *target, address source, size_t bytes, void *stream) {
  return do_copy(target, (void *)source, bytes, stream);
}
int cuMemcpyDtoDAsync_v2(address target, address source, size_t bytes, void *stream) {
  return do_copy((void *)target, (void *)source, bytes, stream);
}
int cuMemsetD32Async(address target, unsigned value, size_t count, void *stream) {
  ((fake_stream *)stream)->is_used = 1;
  for (size_t i = 0; i < count; i++) ((unsigned *)target)[i] = value;
  return lost();
}
int cuMemHostAlloc(void **host, size_t bytes, unsigned flags) {
  *host = number("FAKE_CUDA_PINNED", 1) ? malloc(bytes) : NULL;
  return flags == 0 && *host ? 0 : OUT_OF_MEMORY;
}
int cuMemFreeHost(void *host) {
  free(host);
  return 0;
}
int cuStreamCreate(void **stream, unsigned flags) {
  *stream = calloc(1, sizeof(fake_stream));
  return flags == 1 && *stream ? 0 : 1;
}
int cuStreamSynchronize(void *stream) {
  fake_stream *s = stream;
  if (!s) return 1;
  make_copies(s, s->made + s->count);
  return lost();
}
int cuStreamDestroy_v2(void *stream) {
  free(stream);
  return stream ? 0 : 1;
}
int cuEventCreate(void **event, unsigned flags) {
  *event = calloc(1, sizeof(fake_event));
  return *event && (flags == 0 || flags == 2) ? 0 : 1;
}
int cuEventDestroy_v2(void *event) {
  free(event);
  return event ? 0 : 1;
}
int cuEventRecord(void *event, void *stream) {
  if (!event || !stream) return 1;
  fake_stream *s = stream;
  *(fake_event *)event = (fake_event){s, s->made + s->count};
  return lost();
}
int cuStreamWaitEvent(void *stream, void *event, unsigned flags) {
  fake_stream *s = stream;
  fake_event *e = event;
  if (!s || !e || flags) return 1;
  if (!s->is_used) s->is_late = 1;
  s->is_used = 1;
  if (e->stream && e->stream != s) make_copies(e->stream, e->position);
  return lost();
}
int cuEventSynchronize(void *event) {
  fake_event *e = event;
  if (!e) return 1;
  if (e->stream) make_copies(e->stream, e->position);
  return lost();
}
int cuEventElapsedTime(float *milliseconds, void *start, void *end) {
  *milliseconds = 0;
  return start && end ? 0 : 1;
}

/// An image must be a cubin, or the text of PTX for a card of the future; every module then has every
/// kernel.
int cuModuleLoadData(void **module, const void *image) {
  static int one;
  *module = &one;
  if (number("FAKE_CUDA_MAJOR", 9) > 20)
    return strstr(image, ".version") && strstr(image, ".target sm_") ? 0 : 200;
  return memcmp(image, "\177ELF", 4) == 0 ? 0 : 200;
}
int cuModuleUnload(void *module) { return module ? 0 : 1; }
int cuModuleGetFunction(void **function, void *module, const char *name) {
  *function = strdup(name);
  return module ? 0 : NOT_FOUND;
}
int cuFuncSetAttribute(void *function, int attribute, int value) {
  return function && attribute == 8 && value <= 227 << 10 ? 0 : 1;
}
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared_bytes, void *stream, void **arguments,
                   void **extra) {
  ((fake_stream *)stream)->is_used = 1;
  (void)extra;
  launches++;
  if (lost()) return lost();
  const unsigned grid[3] = {gx, gy, gz}, block[3] = {bx, by, bz};
  return orc_emulate(function, grid, block, shared_bytes, arguments) ? 1 : 0;
}
