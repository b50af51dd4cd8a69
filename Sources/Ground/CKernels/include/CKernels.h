#ifndef ORCHESTRATE_CKERNELS_H
#define ORCHESTRATE_CKERNELS_H

/// The hot loops. One header per kernel family; this one includes them all.
#include "ck_process.h"

#include "orc_kernels.h"
#include "orc_quantize.h"
#include "orc_pool.h"

#include "orc_minhash.h"

#endif
