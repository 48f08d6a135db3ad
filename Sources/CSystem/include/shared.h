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
/// Wakes everybody who waits on the counter, in every process, and leaves it as it is.
void shared_counter_wake(void *address);
/// Waits until the counter differs from `seen`, at most `milliseconds`; may return early.
void shared_counter_wait(const void *address, uint32_t seen, int64_t milliseconds);

// A lock on a file, held by an open description of it: given back when its last holder dies, and
// seen by others without taking it, which flock() cannot do.

/// Waits for the lock and takes it. Returns 0, or -1 with errno set.
int shared_lock(int descriptor);
/// Takes the lock where nobody has it. Returns 0, or -1 with errno set, EAGAIN where it is taken.
int shared_try_lock(int descriptor);
/// Gives the lock back. Returns 0, or -1 with errno set.
int shared_unlock(int descriptor);
/// Returns whether another description of the file holds the lock, or -1 with errno set.
int shared_is_locked(int descriptor);
