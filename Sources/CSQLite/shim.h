#pragma once
// The library has the hook before each change of a row; its header shows it only where asked to.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

// What Swift cannot express: macros that are function pointers, variadic functions, and C
// structures that begin with SQLite's own.

static inline sqlite3_destructor_type recount_sqlite_transient(void) { return SQLITE_TRANSIENT; }

static inline int recount_sqlite_configure(sqlite3 *_Nonnull connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}

// A negative value asks without changing anything.
static inline int recount_sqlite_configuration(sqlite3 *_Nonnull connection, int option) {
    int value = 0;
    sqlite3_db_config(connection, option, -1, &value);
    return value;
}

// Spares every allocation a mutex; has to come before the first connection of the process.
static inline void recount_sqlite_count_no_memory(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

typedef struct recount_sqlite_table {
    sqlite3_vtab base;
    void *_Nonnull context;
} recount_sqlite_table;

typedef struct recount_sqlite_cursor {
    sqlite3_vtab_cursor base;
    void *_Nonnull context;
} recount_sqlite_cursor;
