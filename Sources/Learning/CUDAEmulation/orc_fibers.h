#pragma once
// The threads of one block as fibers of the calling host thread.

#include <cstddef>

namespace orc {

struct Index {
  unsigned x, y, z;
};

/// Threads that wait for each other: a block's or a warp's.
struct Barrier {
  /// How often all have come.
  unsigned generation = 0;
  unsigned arrived = 0;
  /// Those that have not ended.
  unsigned alive = 0;
};

enum { WARP = 32 };

/// What the lanes of a warp show each other; two places in turn, so that one barrier is enough.
struct Warp {
  Barrier barrier;
  alignas(16) unsigned shown[2][WARP][8];
};

/// What a launch runs in each fiber.
struct Work {
  void (*call)(void **arguments);
  void **arguments;
};

/// Runs all blocks of a launch. False: no memory for the stacks.
bool run(const Work &work, Index grid, Index block, std::size_t shared_bytes);

// For the kernels' names, of the running fiber.
void wait_for_block();
void wait_for_warp();
Warp &warp();
unsigned lane();
/// The number of the place in turn for the next exchange.
unsigned turn();
void *dynamic_shared();

extern thread_local Index thread_index, block_index, block_size, grid_size;

}  // namespace orc
