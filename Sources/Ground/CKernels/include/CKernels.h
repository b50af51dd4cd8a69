#ifndef ORCHESTRATE_CKERNELS_H
#define ORCHESTRATE_CKERNELS_H

/// The hot loops. One header per kernel family; this one includes them all.
#include "ck_process.h"
#include "ck_tree.h"
#include "ck_unpack.h"

#include "orc_kernels.h"
#include "orc_quantize.h"
#include "orc_pool.h"

#include "orc_json.h"
#include "orc_minhash.h"
#include "orc_sha256.h"
#include "orc_rows.h"
#include "orc_text.h"
#include "orc_language.h"
#include "orc_words.h"
#include "orc_pii.h"
#include "orc_pii_words.h"
#include "orc_pii_read.h"

#endif
