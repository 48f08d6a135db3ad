#pragma once
#include <sys/types.h>

/// Starts a program on a terminal of its own.
///
/// `arguments` begins with the name of the program and ends with NULL. The descriptor of the
/// terminal's other side goes to `terminal`. Returns the process, or -1 with errno set.
pid_t process_start_on_terminal(
    const char *path,
    char *const arguments[],
    int columns,
    int rows,
    int *terminal
);
