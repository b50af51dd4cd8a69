#ifndef ORCHESTRATE_CK_UNPACK_H
#define ORCHESTRATE_CK_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/// Packed streams, unpacked by the system's libz.so.1 and libzstd.so.1, which are loaded when they
/// are first asked for.

enum {
  CK_GZIP = 1,
  CK_ZSTD = 2,
};

/// Whether the library of a format is there.
int ck_unpack_available(int format);

typedef struct ck_unpacker ck_unpacker;

/// NULL when the library is not there or memory is short. A zstd frame whose window is beyond
/// 128 MiB is refused, as the zstd tool does.
ck_unpacker *ck_unpacker_new(int format);
void ck_unpacker_free(ck_unpacker *unpacker);

enum {
  /// More input or more room is needed.
  CK_UNPACK_MORE = 0,
  /// A gzip member or a zstd frame ended here; the next call begins another.
  CK_UNPACK_END = 1,
  /// The input is damaged.
  CK_UNPACK_WRONG = 2,
};

/// Unpacks from `in` to `out`; *taken and *made say how many bytes of each.
int ck_unpack(ck_unpacker *unpacker, const uint8_t *in, size_t in_count, size_t *taken, uint8_t *out,
              size_t out_count, size_t *made);

/// A Snappy block (its format description, 2011) to out[0 ..< out_count], exactly. Returns 0, or -1
/// when it is damaged or of another length.
int ck_unsnappy(uint8_t *out, size_t out_count, const uint8_t *in, size_t in_count);

#endif
