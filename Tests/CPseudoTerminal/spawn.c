#define _GNU_SOURCE
#define _DARWIN_C_SOURCE

#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

// Only async-signal-safe calls: the parent has threads.
static void become(
    char *const arguments[], char *const environment[], const char *directory, int terminal) {
  setsid();
  ioctl(terminal, TIOCSCTTY, 0);
  for (int i = 0; i < 3; i++) dup2(terminal, i);
  if (terminal > 2) close(terminal);
  for (int i = 1; i < NSIG; i++) signal(i, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (directory == NULL || chdir(directory) == 0) execve(arguments[0], arguments, environment);
  _exit(127);
}

pid_t kz_spawn_on_terminal(
    char *const arguments[], char *const environment[], const char *directory, int columns,
    int rows, int *master) {
  int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0) return -1;
  char name[128];
  int terminal = -1;
  if (grantpt(ours) == 0 && unlockpt(ours) == 0 && ptsname_r(ours, name, sizeof name) == 0)
    terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  pid_t child = -1;
  if (terminal >= 0 && ioctl(terminal, TIOCSWINSZ, &size) == 0) child = fork();
  if (child == 0) become(arguments, environment, directory, terminal);
  int saved = errno;
  if (terminal >= 0) close(terminal);
  if (child < 0) {
    close(ours);
    errno = saved;
    return -1;
  }
  *master = ours;
  return child;
}
