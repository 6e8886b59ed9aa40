#ifndef CMEMORY_H
#define CMEMORY_H

#include <stddef.h>

/// Moves memory of `length` bytes from `from` to `to`, where it takes the place of memory of the
/// caller's: what was touched stays so, and nothing is copied. Both addresses and the length must be
/// multiples of `unit`. Nothing is left at `from`. Where the system cannot move memory, there is
/// other memory at `to`. Returns 0; else it is not known what is at `to`.
int kz_move_memory(void *from, size_t length, void *to, size_t unit);

/// Asks for the cache line at an address, which need not be one of the caller's, and waits for
/// nothing.
static inline void kz_prefetch(const void *address) { __builtin_prefetch(address); }

/// As kz_prefetch, but into the second-level cache alone: far more of such lines may be on their way
/// at once than of those that go into the first.
static inline void kz_prefetch_far(const void *address) { __builtin_prefetch(address, 0, 2); }

#endif
