#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Seconds that this thread has computed: what else runs on the machine does not count, so that a test
/// may hold how they grow.
package func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// What `body` took of this thread, in seconds.
package func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  let start = processorSeconds()
  try body()
  return processorSeconds() - start
}
