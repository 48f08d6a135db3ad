#pragma once
#include <stdint.h>

// Words in memory that several processes map.

/// Reads a word; what was written before it was stored is visible afterwards.
uint64_t shared_load(const void *address);
/// Writes a word; what was written before is visible to whoever loads it.
void shared_store(void *address, uint64_t value);
/// Reads the counter that waiters watch.
uint32_t shared_counter(const void *address);
/// Raises the counter and wakes everybody who waits on it, in every process.
void shared_counter_raise(void *address);
/// Waits until the counter differs from `seen`, at most `milliseconds`; may return early.
void shared_counter_wait(const void *address, uint32_t seen, int64_t milliseconds);
