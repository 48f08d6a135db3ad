#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <sys/stat.h>

int file_identify(int directory, const char *name, struct file_identity *identity) {
    struct statx status;
    int start = directory < 0 ? AT_FDCWD : directory;
    int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
    if (statx(start, name, flags, STATX_INO, &status) != 0) return -1;
    identity->device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor;
    identity->number = status.stx_ino;
    return 0;
}
