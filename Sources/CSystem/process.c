#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
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
        // The thread that starts it may block signals, and a program inherits that.
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        setenv("TERM", "xterm-256color", 1);
        execv(path, arguments);
        _exit(127);
    }
    // No other program holds this side, so that closing it hangs up.
    if (process > 0) fcntl(*terminal, F_SETFD, FD_CLOEXEC);
    return process;
}
