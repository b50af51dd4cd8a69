#include "include/ck_unpack.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// The parts of zlib.h and zstd.h that are used; both promise to keep them.

typedef struct {
  const uint8_t *next_in;
  unsigned avail_in;
  unsigned long total_in;
  uint8_t *next_out;
  unsigned avail_out;
  unsigned long total_out;
  const char *msg;
  void *state;
  void *(*zalloc)(void *, unsigned, unsigned);
  void (*zfree)(void *, void *);
  void *opaque;
  int data_type;
  unsigned long adler;
  unsigned long reserved;
} zlib_stream;

enum { ZLIB_OK = 0, ZLIB_END = 1, ZLIB_NO_ROOM = -5, ZLIB_GZIP_WINDOW = 15 + 16 };

typedef struct {
  const void *bytes;
  size_t size, at;
} zstd_in;
typedef struct {
  void *bytes;
  size_t size, at;
} zstd_out;

static struct {
  int (*inflate_init)(zlib_stream *, int, const char *, int);
  int (*inflate)(zlib_stream *, int);
  int (*inflate_reset)(zlib_stream *);
  int (*inflate_end)(zlib_stream *);
  const char *(*version)(void);
  void *(*zstd_new)(void);
  size_t (*zstd_free)(void *);
  size_t (*zstd_step)(void *, zstd_out *, zstd_in *);
  unsigned (*zstd_is_error)(size_t);
  int has_zlib, has_zstd;
} libraries;

static void load(void) {
  void *zlib = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
  if (zlib) {
    *(void **)&libraries.inflate_init = dlsym(zlib, "inflateInit2_");
    *(void **)&libraries.inflate = dlsym(zlib, "inflate");
    *(void **)&libraries.inflate_reset = dlsym(zlib, "inflateReset");
    *(void **)&libraries.inflate_end = dlsym(zlib, "inflateEnd");
    *(void **)&libraries.version = dlsym(zlib, "zlibVersion");
    libraries.has_zlib = libraries.inflate_init && libraries.inflate && libraries.inflate_reset &&
                         libraries.inflate_end && libraries.version;
  }
  void *zstd = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
  if (zstd) {
    *(void **)&libraries.zstd_new = dlsym(zstd, "ZSTD_createDStream");
    *(void **)&libraries.zstd_free = dlsym(zstd, "ZSTD_freeDStream");
    *(void **)&libraries.zstd_step = dlsym(zstd, "ZSTD_decompressStream");
    *(void **)&libraries.zstd_is_error = dlsym(zstd, "ZSTD_isError");
    libraries.has_zstd = libraries.zstd_new && libraries.zstd_free && libraries.zstd_step &&
                         libraries.zstd_is_error;
  }
}

int ck_unpack_available(int format) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return format == CK_GZIP ? libraries.has_zlib : format == CK_ZSTD ? libraries.has_zstd : 0;
}

struct ck_unpacker {
  int format;
  /// A gzip member ended: the stream must be made ready for another.
  int ended;
  zlib_stream zlib;
  void *zstd;
};

ck_unpacker *ck_unpacker_new(int format) {
  if (!ck_unpack_available(format)) return NULL;
  ck_unpacker *unpacker = calloc(1, sizeof *unpacker);
  if (!unpacker) return NULL;
  unpacker->format = format;
  int is_ready;
  if (format == CK_GZIP) {
    is_ready = libraries.inflate_init(&unpacker->zlib, ZLIB_GZIP_WINDOW, libraries.version(),
                                      (int)sizeof unpacker->zlib) == ZLIB_OK;
  } else {
    unpacker->zstd = libraries.zstd_new();
    is_ready = unpacker->zstd != NULL;
  }
  if (is_ready) return unpacker;
  free(unpacker);
  return NULL;
}

void ck_unpacker_free(ck_unpacker *unpacker) {
  if (!unpacker) return;
  if (unpacker->format == CK_GZIP) {
    libraries.inflate_end(&unpacker->zlib);
  } else {
    libraries.zstd_free(unpacker->zstd);
  }
  free(unpacker);
}

int ck_unpack(ck_unpacker *unpacker, const uint8_t *in, size_t in_count, size_t *taken, uint8_t *out,
              size_t out_count, size_t *made) {
  *taken = *made = 0;
  if (unpacker->format == CK_ZSTD) {
    zstd_in source = {in, in_count, 0};
    zstd_out target = {out, out_count, 0};
    size_t left = libraries.zstd_step(unpacker->zstd, &target, &source);
    *taken = source.at;
    *made = target.at;
    if (libraries.zstd_is_error(left)) return CK_UNPACK_WRONG;
    return left == 0 ? CK_UNPACK_END : CK_UNPACK_MORE;
  }
  zlib_stream *stream = &unpacker->zlib;
  if (unpacker->ended) {
    if (libraries.inflate_reset(stream) != ZLIB_OK) return CK_UNPACK_WRONG;
    unpacker->ended = 0;
  }
  stream->next_in = in;
  stream->avail_in = in_count > UINT_MAX ? UINT_MAX : (unsigned)in_count;
  stream->next_out = out;
  stream->avail_out = out_count > UINT_MAX ? UINT_MAX : (unsigned)out_count;
  unsigned in_before = stream->avail_in, out_before = stream->avail_out;
  int answer = libraries.inflate(stream, 0);
  *taken = in_before - stream->avail_in;
  *made = out_before - stream->avail_out;
  if (answer == ZLIB_END) {
    unpacker->ended = 1;
    return CK_UNPACK_END;
  }
  return answer == ZLIB_OK || answer == ZLIB_NO_ROOM ? CK_UNPACK_MORE : CK_UNPACK_WRONG;
}

int ck_unsnappy(uint8_t *out, size_t out_count, const uint8_t *in, size_t in_count) {
  size_t at = 0, made = 0, length = 0;
  for (int shift = 0;; shift += 7) {
    if (at >= in_count || shift > 28) return -1;
    length |= (size_t)(in[at] & 0x7F) << shift;
    if (in[at++] < 0x80) break;
  }
  if (length != out_count) return -1;
  while (at < in_count) {
    unsigned tag = in[at++];
    if ((tag & 3) == 0) {
      size_t count = (tag >> 2) + 1;
      if (count > 60) {
        size_t bytes = count - 60;
        if (in_count - at < bytes) return -1;
        count = 0;
        for (size_t i = 0; i < bytes; i++) count |= (size_t)in[at + i] << (8 * i);
        count += 1;
        at += bytes;
      }
      if (count > in_count - at || count > out_count - made) return -1;
      memcpy(out + made, in + at, count);
      at += count;
      made += count;
      continue;
    }
    size_t bytes = (tag & 3) == 1 ? 1 : (tag & 3) == 2 ? 2 : 4;
    if (in_count - at < bytes) return -1;
    size_t offset = 0, count = (tag >> 2) + 1;
    for (size_t i = 0; i < bytes; i++) offset |= (size_t)in[at + i] << (8 * i);
    at += bytes;
    if (bytes == 1) {
      offset |= (size_t)(tag >> 5) << 8;
      count = (tag >> 2 & 7) + 4;
    }
    if (offset == 0 || offset > made || count > out_count - made) return -1;
    if (offset >= count) {
      memcpy(out + made, out + made - offset, count);
    } else {
      for (size_t i = 0; i < count; i++) out[made + i] = out[made + i - offset];
    }
    made += count;
  }
  return made == out_count ? 0 : -1;
}
