#include "orc_sha256.h"

const uint32_t orc_sha256_constants[64] __attribute__((aligned(16))) = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};

const uint32_t orc_sha256_start[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                      0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// Asked for once: a virtual machine leaves for its host at every CPUID, for some 50 microseconds.
// 2 where sixteen at a time go as well.
static int is_available = -1;

int orc_sha256_available(void) {
  int known = __atomic_load_n(&is_available, __ATOMIC_RELAXED);
  if (known >= 0) return known;
  unsigned a, b, c, d;
  known = __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3") &&
          __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
  if (known && orc_sha256_has_wide()) known = 2;
  __atomic_store_n(&is_available, known, __ATOMIC_RELAXED);
  return known;
}

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))

/// The eight words of a state in the order of the instructions: A B E F and C D G H.
typedef struct {
  __m128i abef, cdgh;
} state;

TARGET static inline state packed(const uint32_t w[8]) {
  return (state){_mm_set_epi32((int)w[0], (int)w[1], (int)w[4], (int)w[5]),
                 _mm_set_epi32((int)w[2], (int)w[3], (int)w[6], (int)w[7])};
}

TARGET static inline void unpack(state s, uint32_t w[8]) {
  w[0] = (uint32_t)_mm_extract_epi32(s.abef, 3);
  w[1] = (uint32_t)_mm_extract_epi32(s.abef, 2);
  w[2] = (uint32_t)_mm_extract_epi32(s.cdgh, 3);
  w[3] = (uint32_t)_mm_extract_epi32(s.cdgh, 2);
  w[4] = (uint32_t)_mm_extract_epi32(s.abef, 1);
  w[5] = (uint32_t)_mm_extract_epi32(s.abef, 0);
  w[6] = (uint32_t)_mm_extract_epi32(s.cdgh, 1);
  w[7] = (uint32_t)_mm_extract_epi32(s.cdgh, 0);
}

TARGET static inline __m128i load(const uint8_t *bytes) {
  const __m128i order = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
  return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes), order);
}

/// Four rounds with words `w`, the number `step` of 16.
#define ROUNDS(s, w, step)                                                                         \
  do {                                                                                             \
    __m128i k = _mm_add_epi32(                                                                     \
        w, _mm_load_si128((const __m128i *)(orc_sha256_constants + 4 * (step))));                  \
    s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, k);                                             \
    s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(k, 0x0E));                    \
  } while (0)

/// The next four words, which take the place of the oldest, `w0`.
#define NEXT(w0, w1, w2, w3)                                                                       \
  w0 = _mm_sha256msg2_epu32(                                                                       \
      _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4)), w3)

TARGET static inline void one_block(state *s, const uint8_t *p) {
  state before = *s, now = before;
  __m128i w0 = load(p), w1 = load(p + 16), w2 = load(p + 32), w3 = load(p + 48);
  ROUNDS(now, w0, 0);
  ROUNDS(now, w1, 1);
  ROUNDS(now, w2, 2);
  ROUNDS(now, w3, 3);
#pragma clang loop unroll(full)
  for (int step = 4; step < 16; step += 4) {
    NEXT(w0, w1, w2, w3);
    ROUNDS(now, w0, step);
    NEXT(w1, w2, w3, w0);
    ROUNDS(now, w1, step + 1);
    NEXT(w2, w3, w0, w1);
    ROUNDS(now, w2, step + 2);
    NEXT(w3, w0, w1, w2);
    ROUNDS(now, w3, step + 3);
  }
  s->abef = _mm_add_epi32(before.abef, now.abef);
  s->cdgh = _mm_add_epi32(before.cdgh, now.cdgh);
}

TARGET static inline void two_blocks(state *s, const uint8_t *p, state *t, const uint8_t *q) {
  state a = *s, b = *t;
  __m128i v0 = load(p), v1 = load(p + 16), v2 = load(p + 32), v3 = load(p + 48);
  __m128i w0 = load(q), w1 = load(q + 16), w2 = load(q + 32), w3 = load(q + 48);
  ROUNDS(a, v0, 0);
  ROUNDS(b, w0, 0);
  ROUNDS(a, v1, 1);
  ROUNDS(b, w1, 1);
  ROUNDS(a, v2, 2);
  ROUNDS(b, w2, 2);
  ROUNDS(a, v3, 3);
  ROUNDS(b, w3, 3);
#pragma clang loop unroll(full)
  for (int step = 4; step < 16; step += 4) {
    NEXT(v0, v1, v2, v3);
    NEXT(w0, w1, w2, w3);
    ROUNDS(a, v0, step);
    ROUNDS(b, w0, step);
    NEXT(v1, v2, v3, v0);
    NEXT(w1, w2, w3, w0);
    ROUNDS(a, v1, step + 1);
    ROUNDS(b, w1, step + 1);
    NEXT(v2, v3, v0, v1);
    NEXT(w2, w3, w0, w1);
    ROUNDS(a, v2, step + 2);
    ROUNDS(b, w2, step + 2);
    NEXT(v3, v0, v1, v2);
    NEXT(w3, w0, w1, w2);
    ROUNDS(a, v3, step + 3);
    ROUNDS(b, w3, step + 3);
  }
  s->abef = _mm_add_epi32(s->abef, a.abef);
  s->cdgh = _mm_add_epi32(s->cdgh, a.cdgh);
  t->abef = _mm_add_epi32(t->abef, b.abef);
  t->cdgh = _mm_add_epi32(t->cdgh, b.cdgh);
}

/// The blocks at hand of one lane.
TARGET static void one_run(orc_sha256_lane *l) {
  state s = packed(l->words);
  for (; l->blocks; l->blocks--, l->at += 64) one_block(&s, l->at);
  unpack(s, l->words);
}

/// Of two lanes as many blocks as both have at hand.
TARGET static void two_runs(orc_sha256_lane *a, orc_sha256_lane *b) {
  size_t blocks = a->blocks < b->blocks ? a->blocks : b->blocks;
  state s = packed(a->words), t = packed(b->words);
  for (size_t i = 0; i < blocks; i++) two_blocks(&s, a->at + 64 * i, &t, b->at + 64 * i);
  unpack(s, a->words);
  unpack(t, b->words);
  a->at += 64 * blocks;
  b->at += 64 * blocks;
  a->blocks -= blocks;
  b->blocks -= blocks;
}

/// The next one that is begun, or the next text, begun in `room`; NULL when nothing is left.
static orc_sha256_lane *take(orc_sha256_work *work, orc_sha256_lane *room) {
  if (work->begun) return &work->lanes[--work->begun];
  if (work->next == work->count) return NULL;
  orc_sha256_begin(room, &work->texts[work->next++]);
  return room;
}

/// Has blocks at hand again, or has its digest written.
static int goes_on(orc_sha256_lane *l) {
  if (orc_sha256_more(l)) return 1;
  orc_sha256_write(l);
  return 0;
}

/// Two at a time.
static void pairs(orc_sha256_work *work) {
  orc_sha256_lane rooms[2], *a = take(work, &rooms[0]), *b = take(work, &rooms[1]);
  while (a || b) {
    if (a && b) {
      two_runs(a, b);
    } else {
      one_run(a ? a : b);
    }
    if (a && a->blocks == 0 && !goes_on(a)) a = take(work, &rooms[0]);
    if (b && b->blocks == 0 && !goes_on(b)) b = take(work, &rooms[1]);
  }
}

void orc_sha256_many(orc_sha256_text *texts, size_t count) {
  orc_sha256_lane lanes[ORC_SHA256_WIDE];
  orc_sha256_work work = {.texts = texts, .count = count, .lanes = lanes};
  if (orc_sha256_available() == 2) orc_sha256_wide(&work);
  pairs(&work);
}

#else

int orc_sha256_available(void) { return 0; }

void orc_sha256_many(orc_sha256_text *texts, size_t count) {
  (void)texts;
  (void)count;
}

#endif
