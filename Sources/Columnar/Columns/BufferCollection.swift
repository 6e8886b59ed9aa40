/// Elements by index, each access checked: for callers outside kernels.
///
/// A loop over the buffer keeps it alive, which one over the `elements` of a temporary does not.
extension Buffer: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    try withExtendedLifetime(self) { try body(elements) }
  }
}
