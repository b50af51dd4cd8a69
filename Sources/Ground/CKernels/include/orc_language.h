#ifndef ORC_LANGUAGE_H
#define ORC_LANGUAGE_H

#include <stddef.h>
#include <stdint.h>

#define ORC_LANGUAGE_ROWS_MAX 96

/// The table of Scripts/languages/make_table.py, made ready for look-ups; read-only once made.
typedef struct orc_language_model orc_language_model;

/// The model of this binary. NULL without memory, or when the table is damaged.
orc_language_model *orc_language_model_create(void);

/// Rows of the table, and the code of one: at most 8 bytes, padded with zeros.
size_t orc_language_rows(const orc_language_model *model);
const char *orc_language_code(const orc_language_model *model, size_t row);
/// Steps of a score a nat.
int orc_language_steps(const orc_language_model *model);

/// What one text says.
typedef struct {
  /// ln P(text | language) + ln P(language) up to a constant, in steps.
  int32_t scores[ORC_LANGUAGE_ROWS_MAX];
  /// Letters looked at, and those that no language of the table has.
  int32_t letters, foreign;
} orc_language_result;

/// Scores count bytes of valid UTF-8, up to letters_max letters of it. lower: lower_count entries by
/// scalar: 0 for what separates words, else the letter in lower case; scalars beyond separate.
void orc_language_score(orc_language_result *out, const orc_language_model *model,
                        const uint8_t *text, size_t count, size_t letters_max,
                        const uint32_t *lower, size_t lower_count);

#endif
