// Runs a program once and appends a line to a file: nanoseconds, peak memory in kB, wait status.
//
//     turn FILE PROGRAM ARGUMENT…
//
// A small program of its own, because a process that is started by a large one (Python) has the peak
// of that one in its figures.

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 3) return 2;
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pid_t child = fork();
  if (child < 0) return 2;
  if (child == 0) {
    execv(arguments[2], arguments + 2);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) return 2;
  clock_gettime(CLOCK_MONOTONIC, &end);
  long long nanoseconds =
      (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec);
  FILE *file = fopen(arguments[1], "a");
  if (!file) return 2;
  fprintf(file, "%lld %ld %d\n", nanoseconds, usage.ru_maxrss, status);
  return fclose(file) == 0 ? 0 : 2;
}
