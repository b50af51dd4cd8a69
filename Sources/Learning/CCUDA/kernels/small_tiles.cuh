// Before the attention of wide heads: half the rows of a tile, for cards with less shared memory.
#define ORC_SMALL_TILES 1
