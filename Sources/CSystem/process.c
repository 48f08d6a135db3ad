#define _GNU_SOURCE
#include "CSystem.h"
#include <pty.h>
#include <stdlib.h>
#include <unistd.h>

pid_t process_start_on_terminal(
    const char *path,
    char *const arguments[],
    int columns,
    int rows,
    int *terminal
) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    pid_t process = forkpty(terminal, NULL, NULL, &size);
    if (process == 0) {
        setenv("TERM", "xterm-256color", 1);
        execv(path, arguments);
        _exit(127);
    }
    return process;
}
