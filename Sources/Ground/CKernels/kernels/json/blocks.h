// The escapes of a block of a string.

#if STEP > 1
/// What a block that begins outside of escapes holds, bit i for byte i.
typedef struct {
  /// The first quote that ends the string, alone; 0 without one.
  uint64_t end;
  /// Backslashes that begin an escape before that.
  uint64_t starts;
  /// The letters u of such escapes.
  uint64_t units;
  /// Where something stands that is not an escape in the block, of the common kinds: the start of
  /// another one, a byte below 0x20, 0x7F.
  uint64_t rare;
} string_block;

/// Escapes are told apart without a branch for each: of a run of backslashes every other one begins
/// an escape (Langdale and Lemire, Parsing gigabytes of JSON per second, 2019, section 3.1.1).
static inline string_block look_at(block v, uint64_t found) {
  const uint64_t odd = 0xAAAAAAAAAAAAAAAAu;
  const uint64_t all = STEP == 64 ? ~(uint64_t)0 : ((uint64_t)1 << (STEP & 63)) - 1;
  uint64_t slashes = equal(v, '\\'), quotes = equal(v, '"');
  uint64_t codes = (((slashes << 1 | odd) - slashes) ^ odd);
  uint64_t escaped = (codes ^ slashes) & all;
  uint64_t starts = codes & slashes;
  uint64_t ends = quotes & ~escaped;
  string_block b = {.end = ends & -ends};
  uint64_t inside = ends ? b.end - 1 : all;
  b.starts = starts & inside;
  uint64_t letters = escaped & (b.starts << 1);
  b.rare = found & ~(quotes | slashes) & inside;
  if (b.starts) {
    uint64_t units = equal(v, 'u') & letters;
    uint64_t same = equal(v, '"') | equal(v, '\\') | equal(v, 'n') | equal(v, 'r') | equal(v, 't');
    uint64_t right = same & letters;
    if (units) {
      uint64_t hex = within(v, '0', 10) | within(lower_case(v), 'a', 6);
      // \uD8.. to \uDF.. belong to pairs.
      uint64_t four = hex >> 1 & hex >> 2 & hex >> 3 & hex >> 4 & ~(equal(lower_case(v), 'd') >> 1);
      right |= units & four;
    }
    b.units = units & right;
    b.rare |= b.starts & ~(right >> 1);
  }
  return b;
}
#endif
