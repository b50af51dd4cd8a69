#include "orc_emulation.h"

#include <tuple>
#include <utility>

#include "orc_cuda_kernels.h"
#include "orc_device.h"

// The kernels themselves, each module in a namespace of its own as on the card.
#include "common.cuh"
namespace rows {
#include "rows.cu"
}
namespace cells {
#include "cells.cu"
}
namespace products {
#include "factors.cuh"
#include "product_tiles.cuh"
#include "products.cu"
}
namespace projections {
#include "weights.cuh"
#include "factors.cuh"
#include "weight_factors.cuh"
#include "product_tiles.cuh"
#include "projections.cu"
}
namespace tensor_products {
#include "factors.cuh"
#include "tensor.cuh"
#include "tensor_tiles.cuh"
#include "tensor_products.cu"
}
namespace tensor_projections {
#include "weights.cuh"
#include "factors.cuh"
#include "weight_factors.cuh"
#include "tensor.cuh"
#include "tensor_tiles.cuh"
#include "tensor_projections.cu"
}
namespace weights {
#include "weights.cuh"
#include "weights.cu"
}
namespace tokens {
#include "tokens.cu"
}
namespace attention {
#include "sequences.cuh"
#include "attention.cu"
}
namespace attention_backward {
#include "sequences.cuh"
#include "attention_backward.cu"
}
#define ORC_SMALL_TILES 1
namespace attention_small {
#include "sequences.cuh"
#include "attention.cu"
}
namespace attention_backward_small {
#include "sequences.cuh"
#include "attention_backward.cu"
}
#undef ORC_SMALL_TILES
namespace attention_tensor {
#include "sequences.cuh"
#include "tensor.cuh"
#include "pairs.cuh"
#include "attention_tensor.cu"
}
namespace attention_tensor_backward {
#include "sequences.cuh"
#include "tensor.cuh"
#include "pairs.cuh"
#include "attention_tensor_backward.cu"
}
namespace cache {
#include "sequences.cuh"
#include "cache.cu"
}
namespace optimizer {
#include "optimizer.cu"
}
namespace low_rank {
#include "tensor.cuh"
#include "low_rank.cu"
}
namespace sampling {
#include "sampling.cu"
}
#line 94 "orc_emulate.cpp"

namespace {

/// Arguments come as the address of each, as cuLaunchKernel takes them.
template <class... Parameters>
struct Caller {
  template <void (*kernel)(Parameters...), std::size_t... index>
  static void call(void **arguments, std::index_sequence<index...>) {
    kernel(*static_cast<Parameters *>(arguments[index])...);
  }
};

template <auto kernel>
struct Launcher;

template <class... Parameters, void (*kernel)(Parameters...)>
struct Launcher<kernel> {
  static void call(void **arguments) {
    Caller<Parameters...>::template call<kernel>(
        arguments, std::make_index_sequence<sizeof...(Parameters)>());
  }
};

struct Entry {
  const char *name;
  void (*call)(void **arguments);
};

#define ENTRY(topic, name) {#name, Launcher<&topic::name>::call},
const Entry entries[] = {ORC_CUDA_KERNELS(ENTRY)};

/// A card's limits: threads of a block, blocks by y and z, shared memory (compute capability 9.0).
bool is_possible(const unsigned grid[3], const unsigned block[3], unsigned shared_bytes) {
  for (int i = 0; i < 3; i++)
    if (grid[i] == 0 || block[i] == 0) return false;
  unsigned long long threads = 1ull * block[0] * block[1] * block[2];
  return threads <= 1024 && grid[1] <= 65535 && grid[2] <= 65535 && grid[0] <= 0x7FFFFFFF &&
         shared_bytes <= 227 * 1024;
}

}  // namespace

int orc_emulate(const char *kernel, const unsigned grid[3], const unsigned block[3],
                unsigned shared_bytes, void **arguments) {
  for (const Entry &entry : entries) {
    if (std::strcmp(entry.name, kernel) != 0) continue;
    if (!is_possible(grid, block, shared_bytes)) return 2;
    orc::Work work = {entry.call, arguments};
    return orc::run(work, {grid[0], grid[1], grid[2]}, {block[0], block[1], block[2]},
                    shared_bytes)
               ? 0
               : 2;
  }
  return 1;
}
