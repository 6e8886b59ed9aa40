#ifndef CPSEUDOTERMINAL_H
#define CPSEUDOTERMINAL_H

#include <sys/types.h>

/// Starts `arguments[0]` with a new terminal of the given size as its controlling one, in
/// `directory` unless that is null. Returns the process and puts the other side's descriptor to
/// `master`; returns -1 and sets errno when it cannot. A program that cannot be run exits with 127.
///
/// In C because Swift has no fork, and a new session has to be begun between fork and exec.
pid_t kz_spawn_on_terminal(
    char *const arguments[], char *const environment[], const char *directory, int columns,
    int rows, int *master);

#endif
