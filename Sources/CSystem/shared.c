#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <limits.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint64_t shared_load(const void *address) {
    return __atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}

void shared_store(void *address, uint64_t value) {
    __atomic_store_n((uint64_t *)address, value, __ATOMIC_RELEASE);
}

uint32_t shared_counter(const void *address) {
    return __atomic_load_n((const uint32_t *)address, __ATOMIC_ACQUIRE);
}

void shared_counter_raise(void *address) {
    __atomic_add_fetch((uint32_t *)address, 1, __ATOMIC_ACQ_REL);
    shared_counter_wake(address);
}

void shared_counter_wake(void *address) {
    syscall(SYS_futex, address, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void shared_counter_wait(const void *address, uint32_t seen, int64_t milliseconds) {
    struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    syscall(SYS_futex, address, FUTEX_WAIT, seen, &timeout, NULL, 0);
}

static int change_lock(int descriptor, short type, int command) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(descriptor, command, &lock);
}

int shared_lock(int descriptor) {
    return change_lock(descriptor, F_WRLCK, F_OFD_SETLKW);
}

int shared_try_lock(int descriptor) {
    return change_lock(descriptor, F_WRLCK, F_OFD_SETLK);
}

int shared_unlock(int descriptor) {
    return change_lock(descriptor, F_UNLCK, F_OFD_SETLK);
}

int shared_is_locked(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return -1;
    return lock.l_type != F_UNLCK;
}
