import Columnar

/// The `.kzm` format: a model as a file, without code.
///
/// The first line is `kaizen-model 1 sha256:` and the digest of what follows; that is one line of
/// JSON in which each value has one spelling. The same model gives the same bytes, floats read back
/// to the same bits, and a file of other bytes than `encode` would write is refused.
package enum ModelFile {
  /// The version written, and the only one read so far.
  package static let version = 1

  package static func encode(_ model: FittedModel) -> [UInt8] {
    var body: [UInt8] = []
    model.json.write(to: &body)
    body.append(UInt8(ascii: "\n"))
    return Array("\(magic) \(version) sha256:\(SHA256.hexDigest(body))\n".utf8) + body
  }

  /// The model of a file's bytes.
  ///
  /// Throws `format` for what is no model file or one of another version, `corrupt` for one that
  /// was cut off, changed, or describes no possible model.
  package static func decode(_ bytes: [UInt8]) throws -> FittedModel {
    guard bytes.starts(with: "\(magic) ".utf8) else {
      throw DataError(.format, "this is not a model file")
    }
    guard bytes.count <= sizeLimit else {
      throw DataError(.format, "a model file of more than \(sizeLimit >> 20) MB is not read")
    }
    guard let lineEnd = bytes.prefix(headerLimit).firstIndex(of: UInt8(ascii: "\n")) else {
      throw DataError(.corrupt, "the model file is damaged: its first line has no end")
    }
    let words = bytes[..<lineEnd].split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 2, let found = Int(words[1]), words[1] == "\(found)" else {
      throw DataError(.corrupt, "the model file is damaged: its first line names no version")
    }
    guard found == version else {
      throw DataError(
        .format, "the model file has version \(found), this program reads version \(version)")
    }
    let body = Array(bytes[(lineEnd + 1)...])
    guard words.count == 3, words[2] == "sha256:\(SHA256.hexDigest(body))" else {
      throw DataError(.corrupt, "the model file is damaged: its digest does not match its content")
    }
    guard body.last == UInt8(ascii: "\n") else {
      throw DataError(.corrupt, "the model file is damaged: its last line has no end")
    }
    let model = try FittedModel(json: try JSONReader.read(body.dropLast()))
    guard encode(model) == bytes else {
      throw DataError(.corrupt, "the model file is damaged: its content is not in canonical form")
    }
    return model
  }

  private static let magic = "kaizen-model"
  private static let headerLimit = 256
  /// A model of as many columns as can be fitted takes less.
  private static let sizeLimit = 256 << 20
}

extension JSONReader {
  fileprivate static func read(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
    try read(Array(bytes))
  }
}
