import Columnar
import Language

extension DataError {
  /// The same error with `file` and its folder named as `typed`, the way the user wrote the path.
  package func naming(_ file: String, as typed: String) -> DataError {
    func named(_ text: String) -> String {
      let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
      let text = text.replacing(file, with: typed)
      let parent = Path.parent(file)
      return parent == "/" ? text : text.replacing(parent + "/", with: folder)
    }
    var error = self
    error.message = named(message)
    error.file = self.file.map(named)
    error.hints = hints.map(named)
    return error
  }
}

extension Diagnostic {
  /// The same diagnostic with paths below `base` written from there: what is shown does not depend
  /// on where the folder lies.
  func namingFiles(from base: String) -> Diagnostic {
    if base == "/" { return self }
    func named(_ text: String) -> String { text.replacing(base + "/", with: "") }
    var diagnostic = self
    diagnostic.message = named(message)
    diagnostic.label = label.map(named)
    diagnostic.notes = notes.map(named)
    diagnostic.hints = hints.map(named)
    return diagnostic
  }
}

extension String {
  /// Whether a name stands in this program, as a word of its own. One that needs backticks may stand
  /// wherever some are: there are several ways to spell it.
  package func names(_ name: String) -> Bool {
    var rest = self[...]
    func isPart(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
    if !name.allSatisfy(isPart) { return contains("`") }
    while let range = rest.firstRange(of: name) {
      let before = range.lowerBound == startIndex ? nil : self[index(before: range.lowerBound)]
      let after = range.upperBound == endIndex ? nil : self[range.upperBound]
      if !isPart(before), !isPart(after) { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }
}
