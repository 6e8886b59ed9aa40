/// Digests of texts, over batches.
extension Texts {
  /// A 64-bit number for each text, the same on every system and in every version: the first eight
  /// bytes of its SHA-256 digest, as a signed number.
  package static func hash(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let texts = v[0].texts.views
    var numbers = [Int64](repeating: 0, count: context.count)
    for row in 0..<context.count where !v[0].isNull(row) {
      var digest = SHA256()
      digest.update(texts[row])
      let bits = digest.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      numbers[row] = Int64(bitPattern: bits)
    }
    return Vector(.ints(numbers), validity: v[0].validity)
  }

  /// The SHA-256 digest of each text's bytes as 64 hexadecimal digits.
  package static func sha256(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let texts = v[0].texts.views
    return try map(v, &context) { row, arena in arena.copy(SHA256.hexDigest(texts[row]).utf8) }
  }

  /// The first `digits` hexadecimal digits of the keyed digest of each text's bytes.
  package static func keyed(_ hmac: HMAC, digits: Int) -> Kernel {
    { v, context in
      let texts = v[0].texts.views
      return try map(v, &context) { row, arena in
        arena.copy(hmac.hexDigest(texts[row]).utf8.prefix(digits))
      }
    }
  }

  /// The MD5 digest of each text's bytes as 32 hexadecimal digits.
  package static func md5(_ v: [Vector], _ context: inout KernelContext) throws -> Vector {
    let texts = v[0].texts.views
    return try map(v, &context) { row, arena in arena.copy(MD5.hexDigest(texts[row]).utf8) }
  }
}
