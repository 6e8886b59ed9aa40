#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static _Atomic(_Atomic(int32_t) *) cancel_flag;
static atomic_int interrupted, resized, stopped;
static atomic_int is_editing, is_paging;
static int wake_pipe[2] = {-1, -1};
static struct termios settings;
static char alternate_stack[64 * 1024];

static void wake(void) {
  int saved = errno;
  // The pipe does not block; when it is full the reader is awake anyway.
  ssize_t written = write(wake_pipe[1], "!", 1);
  (void)written;
  errno = saved;
}

static void on_interrupt(int number) {
  (void)number;
  _Atomic(int32_t) *flag = atomic_load(&cancel_flag);
  if (flag) atomic_store(flag, 1);
  atomic_store(&interrupted, 1);
  wake();
}

static void on_resize(int number) {
  (void)number;
  atomic_store(&resized, 1);
  wake();
}

static void on_stop(int number) {
  (void)number;
  atomic_store(&stopped, 1);
  wake();
}

// Ends the process with the signal's own effect, so that the parent sees why it died.
static void on_deadly(int number) {
  kz_terminal_restore();
  struct sigaction action;
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;
  sigaction(number, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
}

// No SA_RESTART: a blocking read at the prompt has to come back.
static void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN) return;
  action.sa_handler = handler;
  sigfillset(&action.sa_mask);
  action.sa_flags = flags;
  sigaction(number, &action, NULL);
}

int kz_signals_install(void *cancel) {
  atomic_store(&cancel_flag, (_Atomic(int32_t) *)cancel);
  if (wake_pipe[0] >= 0) return 0;
  int ends[2];
  if (pipe(ends) != 0) return errno;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
  }
  wake_pipe[0] = ends[0];
  wake_pipe[1] = ends[1];
  signal(SIGPIPE, SIG_IGN);
  // A stack overflow leaves no room for a handler on its own stack.
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  handle(SIGINT, on_interrupt, 0);
  handle(SIGWINCH, on_resize, SA_RESTART);
  const int deadly[] = {SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
  for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
    handle(deadly[i], on_deadly, SA_ONSTACK);
  atexit(kz_terminal_restore);
  return 0;
}

int kz_signals_take_interrupt(void) { return atomic_exchange(&interrupted, 0); }
int kz_signals_take_resize(void) { return atomic_exchange(&resized, 0); }
int kz_signals_take_stop(void) { return atomic_exchange(&stopped, 0); }
int kz_signals_wake_descriptor(void) { return wake_pipe[0]; }

void kz_signals_drain(void) {
  char bytes[64];
  while (wake_pipe[0] >= 0 && read(wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
}

void kz_terminal_begin_editing(void) {
  if (tcgetattr(STDIN_FILENO, &settings) == 0) atomic_store(&is_editing, 1);
  handle(SIGTSTP, on_stop, 0);
}

void kz_terminal_end_editing(void) {
  atomic_store(&is_editing, 0);
  handle(SIGTSTP, SIG_DFL, 0);
}

int kz_terminal_begin_paging(void) {
  struct termios raw;
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return errno;
  raw = settings;
  // Keys one by one and unseen; Ctrl-C and Ctrl-Z stay signals.
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  atomic_store(&is_paging, 1);
  handle(SIGTSTP, on_stop, 0);
  return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 ? 0 : errno;
}

void kz_terminal_end_paging(void) {
  handle(SIGTSTP, SIG_DFL, 0);
  kz_terminal_restore();
}

void kz_terminal_restore(void) {
  int saved = errno;
  if (atomic_exchange(&is_paging, 0)) {
    // Where there is no other screen, the last row of the pager goes.
    static const char leave[] = "\r\033[K\033[?1049l\033[?25h";
    ssize_t written = write(STDOUT_FILENO, leave, sizeof leave - 1);
    (void)written;
    tcsetattr(STDIN_FILENO, TCSANOW, &settings);
    errno = saved;
  }
  if (!atomic_exchange(&is_editing, 0)) return;
  static const char paste_off[] = "\033[?2004l";
  ssize_t written = write(STDOUT_FILENO, paste_off, sizeof paste_off - 1);
  (void)written;
  tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  errno = saved;
}

void kz_signals_stop_process(void) {
  handle(SIGTSTP, SIG_DFL, 0);
  raise(SIGTSTP);
  // Here the process is running again.
  handle(SIGTSTP, on_stop, 0);
}

int kz_signals_has_interrupt(void) { return atomic_load(&interrupted); }
