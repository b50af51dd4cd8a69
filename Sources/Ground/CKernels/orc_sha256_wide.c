// SHA-256 of sixteen texts at a time: a word of each in the lanes of a register.

#include "orc_sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw")))

/// With fewer at work two at a time by the instructions for SHA-256 are as fast.
#define WORTH 9

int orc_sha256_has_wide(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

typedef __m512i words;

#define ADD _mm512_add_epi32
#define ROR _mm512_ror_epi32
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define CHOICE(e, f, g) _mm512_ternarylogic_epi32(e, f, g, 0xCA)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xE8)
/// Keeps the sum as it is written: another order of terms lengthens the chain from round to round.
#define FIXED(sum) __asm__("" : "+v"(sum))

/// From sixteen words of each of sixteen texts to the first words of all, the second words, ...
TARGET static inline void transpose(words *w) {
  words t[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
    words a = _mm512_unpacklo_epi32(w[i], w[i + 1]), b = _mm512_unpackhi_epi32(w[i], w[i + 1]);
    words c = _mm512_unpacklo_epi32(w[i + 2], w[i + 3]);
    words d = _mm512_unpackhi_epi32(w[i + 2], w[i + 3]);
    t[i] = _mm512_unpacklo_epi64(a, c);
    t[i + 1] = _mm512_unpackhi_epi64(a, c);
    t[i + 2] = _mm512_unpacklo_epi64(b, d);
    t[i + 3] = _mm512_unpackhi_epi64(b, d);
  }
  // Quarter q of t[4r + j] holds word 4q + j of texts 4r ... 4r + 3.
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) {
    words even = _mm512_shuffle_i32x4(t[j], t[4 + j], 0x88);
    words odd = _mm512_shuffle_i32x4(t[j], t[4 + j], 0xDD);
    words even2 = _mm512_shuffle_i32x4(t[8 + j], t[12 + j], 0x88);
    words odd2 = _mm512_shuffle_i32x4(t[8 + j], t[12 + j], 0xDD);
    w[j] = _mm512_shuffle_i32x4(even, even2, 0x88);
    w[4 + j] = _mm512_shuffle_i32x4(odd, odd2, 0x88);
    w[8 + j] = _mm512_shuffle_i32x4(even, even2, 0xDD);
    w[12 + j] = _mm512_shuffle_i32x4(odd, odd2, 0xDD);
  }
}

#define ROUND(a, b, c, d, e, f, g, h, i)                                                           \
  do {                                                                                             \
    words rest = ADD(h, ADD(w[(i) & 15], _mm512_set1_epi32((int)orc_sha256_constants[i])));        \
    words sigma = XOR3(ROR(e, 6), ROR(e, 11), ROR(e, 25)), choice = CHOICE(e, f, g);               \
    words early = ADD(rest, d);                                                                    \
    FIXED(early);                                                                                  \
    early = ADD(choice, early);                                                                    \
    FIXED(early);                                                                                  \
    d = ADD(sigma, early);                                                                         \
    rest = ADD(choice, rest);                                                                      \
    FIXED(rest);                                                                                   \
    h = ADD(ADD(XOR3(ROR(a, 2), ROR(a, 13), ROR(a, 22)), MAJORITY(a, b, c)), ADD(sigma, rest));    \
  } while (0)

#define SAME(i)
#define NEXT(i)                                                                                    \
  do {                                                                                             \
    words x = w[((i) + 1) & 15], y = w[((i) + 14) & 15];                                           \
    words s0 = XOR3(ROR(x, 7), ROR(x, 18), _mm512_srli_epi32(x, 3));                               \
    words s1 = XOR3(ROR(y, 17), ROR(y, 19), _mm512_srli_epi32(y, 10));                             \
    w[(i) & 15] = ADD(ADD(w[(i) & 15], s0), ADD(w[((i) + 9) & 15], s1));                           \
  } while (0);

#define EIGHT(i, WORD)                                                                             \
  WORD(i) ROUND(a, b, c, d, e, f, g, h, i);                                                        \
  WORD(i + 1) ROUND(h, a, b, c, d, e, f, g, i + 1);                                                \
  WORD(i + 2) ROUND(g, h, a, b, c, d, e, f, i + 2);                                                \
  WORD(i + 3) ROUND(f, g, h, a, b, c, d, e, i + 3);                                                \
  WORD(i + 4) ROUND(e, f, g, h, a, b, c, d, i + 4);                                                \
  WORD(i + 5) ROUND(d, e, f, g, h, a, b, c, i + 5);                                                \
  WORD(i + 6) ROUND(c, d, e, f, g, h, a, b, i + 6);                                                \
  WORD(i + 7) ROUND(b, c, d, e, f, g, h, a, i + 7);

/// `count` blocks of sixteen texts. `state` holds the first words of all, the second words, ...
TARGET static void run(uint32_t state[8][16], const uint8_t *const at[16], size_t count) {
  const words order =
      _mm512_broadcast_i32x4(_mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203));
  words s[8];
  for (int i = 0; i < 8; i++) s[i] = _mm512_loadu_si512(state[i]);
  for (size_t n = 0; n < count; n++) {
    words w[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      w[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(at[i] + 64 * n), order);
    }
    transpose(w);
    words a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    EIGHT(0, SAME)
    EIGHT(8, SAME)
    EIGHT(16, NEXT)
    EIGHT(24, NEXT)
    EIGHT(32, NEXT)
    EIGHT(40, NEXT)
    EIGHT(48, NEXT)
    EIGHT(56, NEXT)
    s[0] = ADD(s[0], a);
    s[1] = ADD(s[1], b);
    s[2] = ADD(s[2], c);
    s[3] = ADD(s[3], d);
    s[4] = ADD(s[4], e);
    s[5] = ADD(s[5], f);
    s[6] = ADD(s[6], g);
    s[7] = ADD(s[7], h);
  }
  for (int i = 0; i < 8; i++) _mm512_storeu_si512(state[i], s[i]);
}

/// Blocks of all begun lanes, as many as the one nearest its end has. Lanes beyond work on those of
/// lane 0, in vain.
static void advance(orc_sha256_lane *lanes, size_t begun, uint32_t state[8][16]) {
  const uint8_t *at[ORC_SHA256_WIDE];
  size_t blocks = lanes[0].blocks;
  for (size_t i = 0; i < ORC_SHA256_WIDE; i++) {
    at[i] = lanes[i < begun ? i : 0].at;
    if (i < begun && lanes[i].blocks < blocks) blocks = lanes[i].blocks;
  }
  run(state, at, blocks);
  for (size_t i = 0; i < begun; i++) {
    lanes[i].at += 64 * blocks;
    lanes[i].blocks -= blocks;
  }
}

static void take(uint32_t words[8], uint32_t state[8][16], size_t lane) {
  for (int i = 0; i < 8; i++) words[i] = state[i][lane];
}

static void put(uint32_t state[8][16], size_t lane, const uint32_t words[8]) {
  for (int i = 0; i < 8; i++) state[i][lane] = words[i];
}

void orc_sha256_wide(orc_sha256_work *work) {
  orc_sha256_lane *lanes = work->lanes;
  uint32_t state[8][16];
  memset(state, 0, sizeof state);
  for (;;) {
    while (work->begun < ORC_SHA256_WIDE && work->next < work->count) {
      orc_sha256_begin(&lanes[work->begun], &work->texts[work->next++]);
      put(state, work->begun, lanes[work->begun].words);
      work->begun++;
    }
    if (work->begun < WORTH) break;
    advance(lanes, work->begun, state);
    for (size_t i = work->begun; i-- > 0;) {
      if (lanes[i].blocks > 0) continue;
      if (orc_sha256_more(&lanes[i])) continue;
      take(lanes[i].words, state, i);
      orc_sha256_write(&lanes[i]);
      // The last one takes its place, and the bytes it holds move with it.
      size_t last = --work->begun;
      if (i == last) continue;
      const uint8_t *held = lanes[last].held, *at = lanes[last].at;
      lanes[i] = lanes[last];
      if (at >= held && at <= held + sizeof lanes[i].held) lanes[i].at = lanes[i].held + (at - held);
      uint32_t moved[8];
      take(moved, state, last);
      put(state, i, moved);
    }
  }
  for (size_t i = 0; i < work->begun; i++) take(lanes[i].words, state, i);
}

#else

int orc_sha256_has_wide(void) { return 0; }

void orc_sha256_wide(orc_sha256_work *work) { (void)work; }

#endif
