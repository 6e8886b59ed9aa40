/// The keyed digest HMAC-SHA256 of RFC 2104.
package struct HMAC: Sendable {
  private let inner: SHA256
  private let outer: SHA256

  package init(key: some Collection<UInt8>) {
    var block = [UInt8](repeating: 0, count: 64)
    var bytes = Array(key)
    if bytes.count > block.count {
      var digest = SHA256()
      digest.update(bytes)
      bytes = digest.finalize()
    }
    block.replaceSubrange(..<bytes.count, with: bytes)
    var (inner, outer) = (SHA256(), SHA256())
    inner.update(block.map { $0 ^ 0x36 })
    outer.update(block.map { $0 ^ 0x5C })
    (self.inner, self.outer) = (inner, outer)
  }

  /// The digest of `message` as 64 lower-case hexadecimal digits.
  package func hexDigest(_ message: some Sequence<UInt8>) -> String {
    var (first, second) = (inner, outer)
    first.update(message)
    second.update(first.finalize())
    return second.hexDigest()
  }
}
