#define _GNU_SOURCE

#include "CTerminal.h"

#include <pthread.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>

int kz_is_main_thread(void) { return syscall(SYS_gettid) == getpid(); }
#else
int kz_is_main_thread(void) { return pthread_main_np(); }
#endif
