#include "include/orc_kernels.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local float *memory;
static _Thread_local size_t capacity;

static void make_key(void) { pthread_key_create(&key, free); }

float *orc_scratch(size_t floats) {
  if (floats <= capacity) return memory;
  pthread_once(&once, make_key);
  size_t wanted = (floats + floats / 2 + 4095) & ~(size_t)4095;
  float *fresh = NULL;
  if (posix_memalign((void **)&fresh, 64, wanted * sizeof(float)) != 0) abort();
  free(memory);
  memory = fresh;
  capacity = wanted;
  pthread_setspecific(key, memory);
  return memory;
}
