// Duplicate keys of an object, by hashes of their decoded bytes.

/// Keys up to this many are compared each with each; more go through a table.
#define FEW_KEYS 48
#define TABLE_SLOTS 4096
/// More keys than this are left to the slower reader.
#define MANY_KEYS (TABLE_SLOTS / 2)
/// Longer keys with escapes are left to the slower reader.
#define ESCAPED_KEY_MAX 192

/// Equal bytes have equal hashes; a multiply and a shift for each 8 bytes.
static inline uint64_t key_hash(const uint8_t *key, size_t count) {
  uint64_t hash = count * 0x9E3779B97F4A7C15u, word;
  for (; count >= 8; key += 8, count -= 8) {
    memcpy(&word, key, 8);
    hash = (hash ^ word) * 0xBF58476D1CE4E5B9u;
    hash ^= hash >> 29;
  }
  word = 0;
  for (size_t i = 0; i < count; i++) word = word << 8 | key[i];
  hash = (hash ^ word) * 0x94D049BB133111EBu;
  return hash ^ hash >> 31;
}

/// Whether the keys of the object at `object` may hold one twice: 0 no, 1 perhaps.
static inline int may_repeat_key(const uint8_t *text, const orc_json_entry *tape, size_t object,
                                 size_t entries) {
  size_t at = object + 1;
  if (at >= entries) return 0;
  size_t second = tape[at + 1].next;
  if (second >= entries) return 0;
  uint64_t hashes[FEW_KEYS];
  uint8_t decoded[ESCAPED_KEY_MAX + 64];
  size_t count = 0;
  for (; at < entries; at = tape[at + 1].next) {
    if (count == FEW_KEYS) return 2;
    const orc_json_entry *key = &tape[at];
    uint64_t hash;
    if (key->flags & ORC_JSON_ESCAPED) {
      if (key->length > ESCAPED_KEY_MAX) return 1;
      hash = key_hash(decoded, decode(decoded, text + key->start, key->length));
    } else {
      hash = key_hash(text + key->start, key->length);
    }
    int found = 0;
    for (size_t i = 0; i < count; i++) found |= hashes[i] == hash;
    if (found) return 1;
    hashes[count++] = hash;
  }
  return 0;
}

/// The same for more keys.
static int may_repeat_among_many(const uint8_t *text, const orc_json_entry *tape, size_t object,
                                 size_t entries) {
  uint64_t slots[TABLE_SLOTS];
  memset(slots, 0, sizeof slots);
  uint8_t decoded[ESCAPED_KEY_MAX + 64];
  size_t count = 0;
  for (size_t at = object + 1; at < entries; at = tape[at + 1].next) {
    if (++count > MANY_KEYS) return 1;
    const orc_json_entry *key = &tape[at];
    uint64_t hash;
    if (key->flags & ORC_JSON_ESCAPED) {
      if (key->length > ESCAPED_KEY_MAX) return 1;
      hash = key_hash(decoded, decode(decoded, text + key->start, key->length));
    } else {
      hash = key_hash(text + key->start, key->length);
    }
    hash |= hash == 0;
    size_t slot = hash % TABLE_SLOTS, tries = 0;
    for (; slots[slot]; slot = (slot + 1) % TABLE_SLOTS) {
      if (slots[slot] == hash || ++tries > 64) return 1;
    }
    slots[slot] = hash;
  }
  return 0;
}
