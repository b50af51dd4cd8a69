#pragma once
// What CUDA C++ means on the host: the words of the language and the functions that kernels call.

#include <cmath>
#include <cstring>

#include "orc_fibers.h"

#define ORC_EMULATED 1
#define __global__
#define __device__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(threads)
#define __align__(bytes) __attribute__((aligned(bytes)))
// One block runs at a time on a host thread, so its memory is the thread's.
#define __shared__ static thread_local
#define ORC_SHARED(type, name) type *name = static_cast<type *>(orc::dynamic_shared())

#define threadIdx orc::thread_index
#define blockIdx orc::block_index
#define blockDim orc::block_size
#define gridDim orc::grid_size

struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(8) float2 {
  float x, y;
};

inline void __syncthreads() { orc::wait_for_block(); }
inline void __syncwarp(unsigned = 0xFFFFFFFFu) { orc::wait_for_warp(); }

/// The value of lane `own ^ mask`.
template <class T>
T __shfl_xor_sync(unsigned, T value, int mask) {
  orc::Warp &warp = orc::warp();
  unsigned turn = orc::turn(), lane = orc::lane();
  std::memcpy(warp.shown[turn][lane], &value, sizeof value);
  orc::wait_for_warp();
  std::memcpy(&value, warp.shown[turn][lane ^ unsigned(mask)], sizeof value);
  return value;
}

/// What was there before.
inline unsigned long long atomicAdd(unsigned long long *address, unsigned long long value) {
  unsigned long long before = *address;
  *address = before + value;
  return before;
}

// Rounded one by one: functions of their own, so that nothing is fused.
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return std::sqrt(a); }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }

inline unsigned __float_as_uint(float x) {
  unsigned bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
inline float __uint_as_float(unsigned bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// mma.m16n8k16 on bfloat16: what the lanes hold is said at multiply_piece.
inline void orc_emulated_mma(float *d, const unsigned *a, const unsigned *b) {
  orc::Warp &warp = orc::warp();
  unsigned turn = orc::turn(), lane = orc::lane();
  std::memcpy(warp.shown[turn][lane], a, 16);
  std::memcpy(warp.shown[turn][lane] + 4, b, 8);
  orc::wait_for_warp();
  auto value = [&](unsigned from, unsigned word, unsigned k) {
    unsigned bits = warp.shown[turn][from][word];
    return __uint_as_float(k % 2 == 0 ? bits << 16 : bits & 0xFFFF0000u);
  };
  for (unsigned e = 0; e < 4; e++) {
    unsigned row = lane / 4, column = lane % 4 * 2 + e % 2, lower = e / 2;
    for (unsigned k = 0; k < 16; k++) {
      unsigned owner = k % 8 / 2, later = k / 8;
      d[e] += value(row * 4 + owner, lower + 2 * later, k) * value(column * 4 + owner, 4 + later, k);
    }
  }
}

/// ldmatrix of four pieces: what the lanes give and get is said at load_pieces.
inline void orc_emulated_ldmatrix(unsigned *out, const unsigned *row, bool is_turned) {
  orc::Warp &warp = orc::warp();
  unsigned turn = orc::turn(), lane = orc::lane();
  std::memcpy(warp.shown[turn][lane], &row, sizeof row);
  orc::wait_for_warp();
  auto number = [&](unsigned piece, unsigned r, unsigned c) -> unsigned {
    const unsigned short *at;
    std::memcpy(&at, warp.shown[turn][8 * piece + r], sizeof at);
    return at[c];
  };
  unsigned g = lane / 4, t = lane % 4 * 2;
  for (unsigned i = 0; i < 4; i++)
    out[i] = is_turned ? number(i, t, g) | number(i, t + 1, g) << 16
                       : number(i, g, t) | number(i, g, t + 1) << 16;
}
