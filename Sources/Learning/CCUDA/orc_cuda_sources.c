#include "orc_cuda_kernels.h"

// A module is its parts one after the other, as one text.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define COMMON "kernels/common.cuh"
#define WEIGHTS "kernels/weights.cuh"
#define FACTORS "kernels/factors.cuh"
#define WEIGHT_FACTORS "kernels/weight_factors.cuh"
#define SEQUENCES "kernels/sequences.cuh"
#define TENSOR "kernels/tensor.cuh"
#define PAIRS "kernels/pairs.cuh"

static const char rows_source[] = {
#embed COMMON
    ,
#embed "kernels/rows.cu"
};
static const char cells_source[] = {
#embed COMMON
    ,
#embed "kernels/cells.cu"
};
static const char products_source[] = {
#embed COMMON
    ,
#embed FACTORS
    ,
#embed "kernels/product_tiles.cuh"
    ,
#embed "kernels/products.cu"
};
static const char projections_source[] = {
#embed COMMON
    ,
#embed WEIGHTS
    ,
#embed FACTORS
    ,
#embed WEIGHT_FACTORS
    ,
#embed "kernels/product_tiles.cuh"
    ,
#embed "kernels/projections.cu"
};
static const char tensor_products_source[] = {
#embed COMMON
    ,
#embed FACTORS
    ,
#embed TENSOR
    ,
#embed "kernels/tensor_tiles.cuh"
    ,
#embed "kernels/tensor_products.cu"
};
static const char tensor_projections_source[] = {
#embed COMMON
    ,
#embed WEIGHTS
    ,
#embed FACTORS
    ,
#embed WEIGHT_FACTORS
    ,
#embed TENSOR
    ,
#embed "kernels/tensor_tiles.cuh"
    ,
#embed "kernels/tensor_projections.cu"
};
static const char weights_source[] = {
#embed COMMON
    ,
#embed WEIGHTS
    ,
#embed "kernels/weights.cu"
};
static const char tokens_source[] = {
#embed COMMON
    ,
#embed "kernels/tokens.cu"
};
static const char attention_source[] = {
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed "kernels/attention.cu"
};
static const char attention_backward_source[] = {
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed "kernels/attention_backward.cu"
};
static const char attention_small_source[] = {
#embed "kernels/small_tiles.cuh"
    ,
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed "kernels/attention.cu"
};
static const char attention_backward_small_source[] = {
#embed "kernels/small_tiles.cuh"
    ,
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed "kernels/attention_backward.cu"
};
static const char attention_tensor_source[] = {
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed TENSOR
    ,
#embed PAIRS
    ,
#embed "kernels/attention_tensor.cu"
};
static const char attention_tensor_backward_source[] = {
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed TENSOR
    ,
#embed PAIRS
    ,
#embed "kernels/attention_tensor_backward.cu"
};
static const char cache_source[] = {
#embed COMMON
    ,
#embed SEQUENCES
    ,
#embed "kernels/cache.cu"
};
static const char optimizer_source[] = {
#embed COMMON
    ,
#embed "kernels/optimizer.cu"
};
static const char low_rank_source[] = {
#embed COMMON
    ,
#embed "kernels/tensor.cuh"
    ,
#embed "kernels/low_rank.cu"
};
static const char sampling_source[] = {
#embed COMMON
    ,
#embed "kernels/sampling.cu"
};

#define SOURCE(topic) {#topic, topic##_source, sizeof topic##_source}
#define NAME(topic, name) {#topic, #name},

const orc_cuda_source *orc_cuda_sources(size_t *count) {
  static const orc_cuda_source sources[] = {
      SOURCE(rows),
      SOURCE(cells),
      SOURCE(products),
      SOURCE(projections),
      SOURCE(tensor_products),
      SOURCE(tensor_projections),
      SOURCE(weights),
      SOURCE(tokens),
      SOURCE(attention),
      SOURCE(attention_backward),
      SOURCE(attention_small),
      SOURCE(attention_backward_small),
      SOURCE(attention_tensor),
      SOURCE(attention_tensor_backward),
      SOURCE(cache),
      SOURCE(optimizer),
      SOURCE(low_rank),
      SOURCE(sampling),
  };
  *count = sizeof sources / sizeof *sources;
  return sources;
}

const orc_cuda_kernel *orc_cuda_kernel_names(size_t *count) {
  static const orc_cuda_kernel names[] = {ORC_CUDA_KERNELS(NAME)};
  *count = sizeof names / sizeof *names;
  return names;
}
