#include <sqlite3.h>

/// Binds a text, which is copied: the constant that says so is a cast that Swift cannot import.
static inline int kaizen_sqlite_bind_text(
    sqlite3_stmt *statement, int place, const char *text, int bytes) {
  return sqlite3_bind_text(statement, place, text, bytes, SQLITE_TRANSIENT);
}
