#pragma once
// The CUDA kernels on the host: each CUDA thread is a fiber, so barriers, shuffles and shared memory
// mean what they mean on a card. For tests: small cases, slowly.

#ifdef __cplusplus
extern "C" {
#endif

/// Runs a kernel of orc_cuda_kernels.h over host memory; arguments as cuLaunchKernel takes them: the
/// address of each. Returns when all blocks are done. Launches of several host threads may overlap.
///
/// Dynamic shared memory starts as NaN. A barrier that not all threads of a block or a warp reach ends
/// the process with a message.
/// Returns 0; 1: no such kernel; 2: a launch that a card would refuse.
int orc_emulate(
    const char *kernel, const unsigned grid[3], const unsigned block[3], unsigned shared_bytes,
    void **arguments);

#ifdef __cplusplus
}
#endif
