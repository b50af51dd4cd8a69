// Compiled once per instruction set: the including file sets LEVEL_NAME, TABLE and STEP, the bytes
// that one step looks at; COMPRESSES where a step of 64 can drop bytes from a register.

#include "marks.h"
#include "utf8.h"
#include "escapes.h"
#include "blocks.h"
#include "write.h"
#include "keys.h"
#include "scan.h"

const orc_json_loops TABLE = {
    .name = LEVEL_NAME,
    .scan = scan,
    .is_utf8 = is_utf8,
    .decode = decode,
    .rewrite = rewrite,
    .escape = escape,
};
