#define _GNU_SOURCE

#include "CMemory.h"

#include <sys/mman.h>

#ifdef MREMAP_FIXED
int kz_move_memory(void *from, size_t length, void *to, size_t unit) {
  // One unit after the other, since a region that was put together cannot be moved at once: a try
  // would leave nothing at `to`, where another thread's memory could then come to lie.
  for (size_t offset = 0; offset < length; offset += unit) {
    char *source = (char *)from + offset, *target = (char *)to + offset;
    if (mremap(source, unit, unit, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target) continue;
    munmap(source, unit);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    void *fresh = mmap(target, unit, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (fresh == target) continue;
    // Either it is still there, or something else is by now.
    return -1;
  }
  return 0;
}
#else
int kz_move_memory(void *from, size_t length, void *to, size_t unit) {
  (void)to, (void)unit;
  return munmap(from, length);
}
#endif
