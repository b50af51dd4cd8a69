#define _GNU_SOURCE
#include "include/orc_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

enum { MAXIMUM_WORKERS = 254, IDLE_SPINS = 2000, WAIT_SPINS = 2000, WAIT_YIELDS = 400 };

/// The open region: epoch (24 bits) | helpers allowed (8) | tasks not yet taken (32).
/// A task is taken by one compare-and-swap on it, so a late worker can never take a task of a
/// region that is over: the epoch has moved or nothing remains. The fields below are written
/// before the epoch moves and stay until all taken tasks are finished; they are read after taking.
static _Atomic uint64_t region;
static orc_task region_task;
static void *region_context;
static size_t region_count;
static _Atomic size_t region_finished;

static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_cond_t finished_wake = PTHREAD_COND_INITIALIZER;
static _Atomic int sleepers;
/// The one who opened the region sleeps until it is finished.
static _Atomic int owner_sleeps;
static int worker_count;
static _Thread_local int inside;

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

static inline uint32_t epoch_of(uint64_t state) { return (uint32_t)(state >> 40); }
static inline int helpers_of(uint64_t state) { return (int)((state >> 32) & 0xff); }
static inline uint32_t remaining_of(uint64_t state) { return (uint32_t)state; }

static void work(uint32_t epoch) {
  for (;;) {
    uint64_t state = atomic_load_explicit(&region, memory_order_acquire);
    do {
      if (epoch_of(state) != epoch || remaining_of(state) == 0) return;
    } while (!atomic_compare_exchange_weak_explicit(
        &region, &state, state - 1, memory_order_acq_rel, memory_order_acquire));
    // Read before the task is finished: after that the next region may be opened.
    size_t count = region_count;
    region_task(region_context, count - remaining_of(state));
    if (atomic_fetch_add(&region_finished, 1) + 1 == count && atomic_load(&owner_sleeps)) {
      pthread_mutex_lock(&sleep_lock);
      pthread_cond_signal(&finished_wake);
      pthread_mutex_unlock(&sleep_lock);
    }
  }
}

/// Until all tasks are finished. Looks again and again for as long as small tasks take, then sleeps:
/// a long one, or one that waits for a disk, costs no processor time here.
static void wait_finished(size_t count) {
  for (int spin = 0; spin < WAIT_SPINS + WAIT_YIELDS; spin++) {
    if (atomic_load_explicit(&region_finished, memory_order_acquire) == count) return;
    if (spin < WAIT_SPINS) relax();
    else sched_yield();
  }
  pthread_mutex_lock(&sleep_lock);
  atomic_store(&owner_sleeps, 1);
  while (atomic_load(&region_finished) < count) pthread_cond_wait(&finished_wake, &sleep_lock);
  atomic_store(&owner_sleeps, 0);
  pthread_mutex_unlock(&sleep_lock);
}

static void *worker(void *argument) {
  int number = (int)(intptr_t)argument;
  uint32_t seen = 0xffffffff;
  inside = 1;
  for (;;) {
    uint64_t state = atomic_load(&region);
    for (int spin = 0; epoch_of(state) == seen && spin < IDLE_SPINS; spin++) {
      relax();
      state = atomic_load(&region);
    }
    if (epoch_of(state) == seen) {
      pthread_mutex_lock(&sleep_lock);
      atomic_fetch_add(&sleepers, 1);
      while (epoch_of(state = atomic_load(&region)) == seen) pthread_cond_wait(&wake, &sleep_lock);
      atomic_fetch_sub(&sleepers, 1);
      pthread_mutex_unlock(&sleep_lock);
    }
    seen = epoch_of(state);
    if (number < helpers_of(state)) work(seen);
  }
  return NULL;
}

static void start_workers(int wanted) {
  if (wanted > MAXIMUM_WORKERS) wanted = MAXIMUM_WORKERS;
  while (worker_count < wanted) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker, (void *)(intptr_t)worker_count) != 0) return;
    pthread_detach(thread);
    worker_count++;
  }
}

void orc_pool_run(orc_task task, void *context, size_t count, int threads) {
  int helpers = threads - 1;
  if (count < 2) helpers = 0;
  else if ((size_t)helpers > count - 1) helpers = (int)(count - 1);
  if (helpers <= 0 || inside || pthread_mutex_trylock(&owner) != 0) {
    for (size_t index = 0; index < count; index++) task(context, index);
    return;
  }
  inside = 1;
  start_workers(helpers);
  if (helpers > MAXIMUM_WORKERS) helpers = MAXIMUM_WORKERS;
  region_task = task;
  region_context = context;
  region_count = count;
  atomic_store(&region_finished, 0);
  uint32_t epoch = (epoch_of(atomic_load(&region)) + 1) & 0xffffff;
  atomic_store(&region, (uint64_t)epoch << 40 | (uint64_t)helpers << 32 | (uint32_t)count);
  if (atomic_load(&sleepers) > 0) {
    pthread_mutex_lock(&sleep_lock);
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&sleep_lock);
  }
  work(epoch);
  wait_finished(count);
  inside = 0;
  pthread_mutex_unlock(&owner);
}

int orc_pool_allowed_cpus(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
  }
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
