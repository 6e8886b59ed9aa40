import Columnar
import Modeling
import Notebooks

extension ModelFile {
  /// The model in a file. Throws `no-such-file`, `io`, and `corrupt` or `format` for what is no
  /// model.
  static func read(_ path: String) throws -> FittedModel {
    do {
      return try decode(try readBytes(path))
    } catch var error as DataError {
      error.file = error.file ?? path
      throw error
    }
  }
}
