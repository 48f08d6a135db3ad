#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { RESET_MAX = 512, REPLAY_MAX = 1 << 16, ALTERNATE_STACK_SIZE = 1 << 16 };

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT};
static const int noted_signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGCONT, SIGINT, SIGTSTP};
enum {
    CRASH_COUNT = sizeof crash_signals / sizeof *crash_signals,
    NOTED_COUNT = sizeof noted_signals / sizeof *noted_signals,
};

static struct {
    atomic_int is_taken;      // 1 from take to give_back
    atomic_int needs_restore; // 1 while the screen is ours; whoever sets it to 0 restores
    atomic_uint signals;
    int input, output, event;
    int captures_errors, real_errors, captured_errors;
    struct termios line;
    uint8_t reset[RESET_MAX];
    size_t reset_count;
    struct sigaction crash_actions[CRASH_COUNT];
    struct sigaction noted_actions[NOTED_COUNT];
} terminal = {.real_errors = -1, .captured_errors = -1};

static void write_all(int descriptor, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

// A process in the background would be stopped for changing the line; it may.
static void set_line(const struct termios *line) {
    sigset_t output_stop, previous;
    sigemptyset(&output_stop);
    sigaddset(&output_stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &output_stop, &previous);
    tcsetattr(terminal.input, TCSANOW, line);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
}

static void set_raw(void) {
    struct termios raw = terminal.line;
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    set_line(&raw);
}

static void begin_capture(void) {
    if (!terminal.captures_errors) return;
    terminal.captured_errors = memfd_create("standard-error", MFD_CLOEXEC);
    terminal.real_errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (terminal.captured_errors < 0 || terminal.real_errors < 0 ||
        dup2(terminal.captured_errors, STDERR_FILENO) < 0) {
        close(terminal.captured_errors);
        close(terminal.real_errors);
        terminal.captured_errors = terminal.real_errors = -1;
    }
}

// Async-signal-safe.
static void end_capture(void) {
    if (terminal.captured_errors < 0) return;
    dup2(terminal.real_errors, STDERR_FILENO);
    struct stat status;
    off_t position = 0;
    if (fstat(terminal.captured_errors, &status) == 0 && status.st_size > REPLAY_MAX) {
        position = status.st_size - REPLAY_MAX;
    }
    uint8_t part[512];
    ssize_t count;
    while ((count = pread(terminal.captured_errors, part, sizeof part, position)) > 0) {
        write_all(STDERR_FILENO, part, (size_t)count);
        position += count;
    }
    close(terminal.captured_errors);
    close(terminal.real_errors);
    terminal.captured_errors = terminal.real_errors = -1;
}

// Async-signal-safe; the second caller finds nothing to do.
static void restore_screen(void) {
    if (!atomic_exchange(&terminal.needs_restore, 0)) return;
    write_all(terminal.output, terminal.reset, terminal.reset_count);
    set_line(&terminal.line);
    end_capture();
}

static void note_signal(int number) {
    int saved = errno;
    unsigned bit = number == SIGWINCH  ? TERMINAL_SIGNAL_RESIZE
                   : number == SIGCONT ? TERMINAL_SIGNAL_CONTINUE
                   : number == SIGINT  ? TERMINAL_SIGNAL_INTERRUPT
                   : number == SIGTSTP ? TERMINAL_SIGNAL_SUSPEND
                                       : TERMINAL_SIGNAL_HANGUP;
    atomic_fetch_or(&terminal.signals, bit);
    uint64_t one = 1;
    ssize_t ignored = write(terminal.event, &one, sizeof one);
    (void)ignored;
    errno = saved;
}

// Makes the terminal usable, then lets the signal have the effect it would have had.
static void crash(int number, siginfo_t *information, void *context) {
    (void)context;
    restore_screen();
    for (size_t index = 0; index < CRASH_COUNT; index++) {
        if (crash_signals[index] == number) {
            sigaction(number, &terminal.crash_actions[index], NULL);
        }
    }
    int is_fault = number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE;
    if (is_fault && information->si_code > 0) return; // the instruction faults again
    sigset_t this_signal;
    sigemptyset(&this_signal);
    sigaddset(&this_signal, number);
    pthread_sigmask(SIG_UNBLOCK, &this_signal, NULL);
    raise(number);
}

static void install_handlers(void) {
    static uint8_t alternate_stack[ALTERNATE_STACK_SIZE];
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
        stack = (stack_t){.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
        sigaltstack(&stack, NULL);
    }
    struct sigaction action = {.sa_handler = note_signal};
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < NOTED_COUNT; index++) {
        sigaction(noted_signals[index], &action, &terminal.noted_actions[index]);
    }
    struct sigaction crash_action = {.sa_sigaction = crash};
    crash_action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&crash_action.sa_mask);
    for (size_t index = 0; index < CRASH_COUNT; index++) {
        sigaction(crash_signals[index], &crash_action, &terminal.crash_actions[index]);
    }
}

static void remove_handlers(void) {
    for (size_t index = 0; index < NOTED_COUNT; index++) {
        sigaction(noted_signals[index], &terminal.noted_actions[index], NULL);
    }
    for (size_t index = 0; index < CRASH_COUNT; index++) {
        sigaction(crash_signals[index], &terminal.crash_actions[index], NULL);
    }
}

int terminal_take(int input, int output, int event, int captures_errors,
                  const uint8_t *reset, size_t reset_count) {
    if (reset_count > RESET_MAX) return EINVAL;
    if (atomic_exchange(&terminal.is_taken, 1)) return EBUSY;
    if (tcgetattr(input, &terminal.line) != 0) {
        int error = errno;
        atomic_store(&terminal.is_taken, 0);
        return error;
    }
    static int gives_back_at_exit;
    if (!gives_back_at_exit) gives_back_at_exit = atexit(terminal_give_back) == 0;
    terminal.input = input;
    terminal.output = output;
    terminal.event = event;
    terminal.captures_errors = captures_errors;
    memcpy(terminal.reset, reset, reset_count);
    terminal.reset_count = reset_count;
    atomic_store(&terminal.signals, 0);
    install_handlers();
    begin_capture();
    atomic_store(&terminal.needs_restore, 1);
    set_raw();
    return 0;
}

void terminal_give_back(void) {
    if (!atomic_load(&terminal.is_taken)) return;
    restore_screen();
    remove_handlers();
    atomic_store(&terminal.is_taken, 0);
}

void terminal_suspend(void) {
    if (!atomic_load(&terminal.is_taken)) return;
    restore_screen();
    raise(SIGSTOP);
    begin_capture();
    atomic_store(&terminal.needs_restore, 1);
    set_raw();
    atomic_fetch_and(&terminal.signals, ~(unsigned)TERMINAL_SIGNAL_CONTINUE);
}

void terminal_make_raw_again(void) {
    if (atomic_load(&terminal.is_taken)) set_raw();
}

uint32_t terminal_take_signals(void) {
    return atomic_exchange(&terminal.signals, 0);
}

int terminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int terminal_make_event(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int terminal_make_memory_file(void) {
    return memfd_create("screen", MFD_CLOEXEC);
}
