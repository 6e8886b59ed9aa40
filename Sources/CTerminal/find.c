#define _GNU_SOURCE

#include "CTerminal.h"

#include <string.h>

ptrdiff_t kz_find(const void *text, size_t count, const void *wanted, size_t wanted_count) {
  const char *found = memmem(text, count, wanted, wanted_count);
  return found == NULL ? -1 : found - (const char *)text;
}
