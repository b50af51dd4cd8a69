#ifndef ORCHESTRATE_POOL_H
#define ORCHESTRATE_POOL_H

#include <stddef.h>

/// One numbered task of a parallel region.
typedef void (*orc_task)(void *context, size_t index);

/// Calls task(context, 0) … task(context, count - 1), each once, in any order, on the caller and
/// at most threads - 1 workers of the process; returns when all are done.
///
/// Workers are started at first use, spin for about 100 microseconds after a region, then sleep.
/// A call from inside a task, or while another thread uses the workers, runs on the caller alone.
/// count must be below 2^32, threads at most 255.
void orc_pool_run(orc_task task, void *context, size_t count, int threads);

/// The number of CPUs this process may run on (its affinity mask), at least 1.
int orc_pool_allowed_cpus(void);

#endif
