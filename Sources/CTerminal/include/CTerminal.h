#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stddef.h>
#include <stdint.h>

// Signal handlers, in C because a handler may only touch memory that is there already: no lazy
// globals, no reference counts, no allocation. They set flags and wake the main thread through a
// pipe; all real work is done outside the handler.

/// Installs the handlers. `cancel` is an int32_t that is set to 1 by each SIGINT and lives for ever;
/// it may be null. Signals that are ignored when the program starts stay ignored, except SIGPIPE,
/// which always is: a write then fails with EPIPE. Returns 0 or an errno. Calling it again only
/// changes `cancel`.
int kz_signals_install(void *cancel);

/// Whether SIGINT (SIGWINCH, SIGTSTP) came since the last call.
int kz_signals_take_interrupt(void);
int kz_signals_take_resize(void);
int kz_signals_take_stop(void);

/// Whether SIGINT came and was not taken yet.
int kz_signals_has_interrupt(void);

/// The end of the pipe that becomes readable when a signal comes; -1 before the installation.
int kz_signals_wake_descriptor(void);

/// Empties that pipe.
void kz_signals_drain(void);

/// The terminal is about to be taken over for editing: remembers its settings so that they can be
/// put back by an exit or a deadly signal, and catches SIGTSTP.
void kz_terminal_begin_editing(void);

/// The terminal has its own settings again.
void kz_terminal_end_editing(void);

/// Takes the terminal over for a pager, whose keys come one by one, and catches SIGTSTP; an exit or a
/// deadly signal gives it back and leaves the other screen. Returns 0 or an errno.
int kz_terminal_begin_paging(void);

/// Leaves the pager's screen and gives the terminal back.
void kz_terminal_end_paging(void);

/// Puts the terminal's settings back if it is taken over. Safe in a signal handler.
void kz_terminal_restore(void);

/// Stops this process as Ctrl-Z does, and returns when it is continued.
void kz_signals_stop_process(void);

/// Where `wanted` stands in `text` first, counted from 0; -1 where it does not.
ptrdiff_t kz_find(const void *text, size_t count, const void *wanted, size_t wanted_count);

/// Whether this is the thread that the program began on.
int kz_is_main_thread(void);

/// The columns a Unicode scalar takes in the present locale; -1 for one that cannot be shown.
int kz_columns(uint32_t scalar);

#endif
