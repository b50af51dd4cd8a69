#include "orc_levels.h"

// The code book of NF4 (Dettmers et al. 2023, appendix E): quantiles of the normal distribution,
// with an exact zero.
#define NF4_BOOK(X)                                                                                \
  X(-1.0f) X(-0.6961928009986877f) X(-0.5250730514526367f) X(-0.39491748809814453f)                \
  X(-0.28444138169288635f) X(-0.18477343022823334f) X(-0.09105003625154495f) X(0.0f)               \
  X(0.07958029955625534f) X(0.16093020141124725f) X(0.24611230194568634f)                          \
  X(0.33791524171829224f) X(0.44070982933044434f) X(0.5626170039176941f)                           \
  X(0.7229568362236023f) X(1.0f)

// The same list once more: a macro does not expand within itself.
#define NF4_ROW(high)                                                                              \
  {high, -1.0f}, {high, -0.6961928009986877f}, {high, -0.5250730514526367f},                       \
      {high, -0.39491748809814453f}, {high, -0.28444138169288635f},                                \
      {high, -0.18477343022823334f}, {high, -0.09105003625154495f}, {high, 0.0f},                  \
      {high, 0.07958029955625534f}, {high, 0.16093020141124725f}, {high, 0.24611230194568634f},    \
      {high, 0.33791524171829224f}, {high, 0.44070982933044434f}, {high, 0.5626170039176941f},     \
      {high, 0.7229568362236023f}, {high, 1.0f},

const float orc_nf4_pairs[256][2] = {NF4_BOOK(NF4_ROW)};
