#pragma once
#include <stdint.h>

/// Which file a name leads to.
struct file_identity {
    uint64_t device;
    uint64_t number;
};

/// Tells which file a name in a directory leads to, links followed, as far as this machine knows:
/// a server that does not answer keeps nobody waiting.
///
/// `directory` is a descriptor, or -1 for a path. Returns 0, or -1 with errno set.
int file_identify(int directory, const char *name, struct file_identity *identity);
