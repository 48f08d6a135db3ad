#pragma once
// Enough for the wide functions; no -D is needed on the command line.
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <wchar.h>

extern int wcwidth(wchar_t);

// Macros with casts and shifts do not reach Swift; these are theirs.
static const uint32_t curses_bold = WA_BOLD;
static const uint32_t curses_dim = WA_DIM;
static const uint32_t curses_italic = WA_ITALIC;
static const uint32_t curses_underline = WA_UNDERLINE;
static const uint32_t curses_reverse = WA_REVERSE;

// The window of the whole screen; the global itself is no safe variable for Swift.
static inline WINDOW *curses_screen_window(void) { return stdscr; }

// A cell as setcchar would make it, without its checks: pairs above 255 live in `ext_color` only.
static inline cchar_t curses_cell(uint32_t attributes, int pair, uint32_t base, uint32_t first,
                                  uint32_t second, uint32_t third) {
    cchar_t cell = {0};
    cell.attr = attributes | (COLOR_PAIR(pair > 255 ? 255 : pair) & A_COLOR);
    cell.ext_color = pair;
    cell.chars[0] = (wchar_t)base;
    cell.chars[1] = (wchar_t)first;
    cell.chars[2] = (wchar_t)second;
    cell.chars[3] = (wchar_t)third;
    return cell;
}

// Makes sure that characters are read as UTF-8; 0 if no such locale exists.
static inline int curses_use_utf8(void) {
    const char *name = setlocale(LC_CTYPE, "");
    const char *set = nl_langinfo(CODESET);
    if (name && set && set[0] == 'U' && set[1] == 'T' && set[2] == 'F') return 1;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}
