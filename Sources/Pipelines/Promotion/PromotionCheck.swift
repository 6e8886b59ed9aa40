import Columnar
import Display
import Language
import Notebooks

extension Promotion {
  /// Compares the files in `folder` with what promotion of the notebook writes now. Throws `differs`
  /// with the file and the line for one that was edited, is missing or is older than the notebook.
  package static func check(
    _ path: String, into folder: String, options: PromotionOptions? = nil, like session: Session
  ) throws -> Message {
    func named(_ file: String) -> String {
      Path.relative(folder + "/" + file, to: session.files.base)
    }
    func bytes(of file: String) throws -> [UInt8] {
      guard Path.exists(folder + "/" + file) else {
        throw Diagnostic(.differs, "\(named(file)) is missing", notes: [again])
      }
      return try readBytes(folder + "/" + file)
    }
    let written = WrittenLock(try bytes(of: PipelineLock.fileName))
    func edited(line: Int, _ error: any Error) -> Diagnostic {
      Diagnostic(
        .differs,
        "\(named(PipelineLock.fileName)) line \(line) was edited: "
          + ((error as? Diagnostic)?.message ?? "it is no text"), notes: [again])
    }
    let lock: PipelineLock
    do {
      lock = try PipelineLock(in: folder)
    } catch {
      let made = try PromotedFiles(
        path, into: folder, options: options ?? PromotionOptions(), like: session)
      throw edited(line: written.damagedLine(made.lock.text), error)
    }
    let source = Path.relative(path, to: folder)
    // What lies there is compared first: that needs no replay.
    for file in lock.files where file.path != source { _ = try bytes(of: file.path) }
    let made: PromotedFiles
    do {
      made = try PromotedFiles(path, into: folder, options: options ?? lock.options, like: session)
    } catch let error as Diagnostic where error.code == .usage && options == nil {
      // Options that do not go together, where the notebook is promoted without.
      _ = try PromotedFiles(path, into: folder, options: PromotionOptions(), like: session)
      throw edited(line: written.line(of: "options") ?? 1, error)
    }
    let isStale = lock.files.first { $0.path == source }?.sha256 != made.lock.files[0].sha256
    for file in made.files {
      let there = Path.exists(folder + "/" + file.path) ? try bytes(of: file.path) : []
      guard let line = firstDifference(there, Array(file.text.utf8)) else { continue }
      let wasEdited = lock.files.first { $0.path == file.path }?.sha256 != digest(there)
      let place = "\(named(file.path)) line \(line)"
      let reason =
        wasEdited
        ? "\(place) was edited: promotion writes something else"
        : isStale
          ? "\(place) is not what \(Path.name(path)) gives now: it was changed after promotion"
          : "\(place) is not what promotion writes with the options in "
            + "\(named(PipelineLock.fileName)) line \(written.line(of: "options") ?? 1): they were "
            + "edited, or another version of kaizen wrote it"
      throw Diagnostic(
        .differs, reason,
        notes: difference(String(decoding: there, as: UTF8.self), file.text) + [again])
    }
    if let line = firstDifference(written.bytes, Array(made.lock.text.utf8)) {
      throw Diagnostic(
        .differs,
        "\(named(PipelineLock.fileName)) line \(line) does not fit \(Path.name(path)) any more",
        notes: difference(written.text, made.lock.text) + [again])
    }
    let count = made.promotion.spec.steps.count
    return Message(
      subject: named("pipeline.yaml"),
      text: "\(count) step\(count == 1 ? "" : "s") · all files as promotion writes them",
      kind: "promote", facts: [Fact("files", .int(Int64(made.files.count + 1)))])
  }

  private static let again = "promote writes it anew"
}

/// A lock as it lies there, which may be anything.
private struct WrittenLock {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The number of the first line that holds `word` in quotes.
  func line(of word: String) -> Int? {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .firstIndex { $0.contains("\"\(word)\"") }.map { $0 + 1 }
  }

  /// Where a lock that cannot be read is damaged: where it is no JSON, at the option that no promotion
  /// has, at what every lock has, else where it is not `fresh`, the lock of a promotion without options.
  func damagedLine(_ fresh: String) -> Int {
    do throws(JSONError) {
      let root = try JSONValue.parse(utf8: bytes)
      if case .object(let options)? = root["options"] {
        for option in options where (try? PromotionOptions(.object([option]))) == nil {
          var word = option.key
          if case .array(let names) = option.value {
            for case .string(let name) in names where (try? Targets.named([name])) == nil {
              word = name
            }
          }
          if let line = line(of: word) { return line }
        }
      }
      for key in ["kaizen", "files", "inputs"] {
        guard let value = root[key], key != "kaizen" || value == .int(1) else {
          return line(of: key) ?? firstDifference(bytes, Array(fresh.utf8)) ?? 1
        }
      }
      return firstDifference(bytes, Array(fresh.utf8)) ?? 1
    } catch {
      return bytes.prefix(error.offset).count { $0 == 0x0A } + 1
    }
  }
}

/// The number of the first line in which two texts differ, counted from 1; nil where they are equal.
private func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> Int? {
  if left == right { return nil }
  let left = left.split(separator: 0x0A, omittingEmptySubsequences: false)
  let right = right.split(separator: 0x0A, omittingEmptySubsequences: false)
  for (index, pair) in zip(left, right).enumerated() where pair.0 != pair.1 { return index + 1 }
  return min(left.count, right.count)
}
