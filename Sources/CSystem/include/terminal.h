#pragma once

#include <stddef.h>
#include <stdint.h>

// What a full-screen program needs of the operating system and Swift cannot reach: signal
// handlers, the modes of a terminal line, descriptors without a file. One terminal per process.

enum {
    TERMINAL_SIGNAL_RESIZE = 1,
    TERMINAL_SIGNAL_HANGUP = 2,
    TERMINAL_SIGNAL_CONTINUE = 4,
    TERMINAL_SIGNAL_INTERRUPT = 8,
    TERMINAL_SIGNAL_SUSPEND = 16,
};

// Takes the terminal: raw mode, signal handlers that note a bit and write to `event`, crash
// handlers that undo everything, and, if `captures_errors`, standard error kept in memory.
// `reset` are the bytes that bring the screen back. Returns 0, or errno (EBUSY: taken already).
int terminal_take(int input, int output, int event, int captures_errors,
                  const uint8_t *reset, size_t reset_count);

// Undoes terminal_take, writes `reset`, and replays what was captured. Does nothing if not taken.
// Happens by itself at exit().
void terminal_give_back(void);

// Leaves raw mode, writes `reset`, stops the process, and takes the terminal again when the
// process is continued. The caller repaints.
void terminal_suspend(void);

// Leaves the line's raw mode and the capture as they are, but makes sure that the line is raw:
// another program may have changed it while this one was stopped.
void terminal_make_raw_again(void);

// The signals noted since the last call.
uint32_t terminal_take_signals(void);

// The columns and rows of a terminal; returns 0, or errno.
int terminal_size(int descriptor, int *columns, int *rows);

// A new eventfd, or a file that lives in memory only; -1 on failure.
int terminal_make_event(void);
int terminal_make_memory_file(void);
