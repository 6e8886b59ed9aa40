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
    let written = try bytes(of: PipelineLock.fileName)
    let lock: PipelineLock
    do {
      lock = try PipelineLock(in: folder)
    } catch {
      let made = try PromotedFiles(
        path, into: folder, options: options ?? PromotionOptions(), like: session)
      throw Diagnostic(
        .differs,
        "\(named(PipelineLock.fileName)) line \(damagedLine(written, made.lock.text)) was edited: "
          + ((error as? Diagnostic)?.message ?? "it is no text"), notes: [again])
    }
    let source = Path.relative(path, to: folder)
    // What lies there is compared first: that needs no replay.
    for file in lock.files where file.path != source { _ = try bytes(of: file.path) }
    let made = try PromotedFiles(
      path, into: folder, options: options ?? lock.options, like: session)
    for file in made.files {
      let there = Path.exists(folder + "/" + file.path) ? try bytes(of: file.path) : []
      guard let line = firstDifference(there, Array(file.text.utf8)) else { continue }
      let wasEdited = lock.files.first { $0.path == file.path }?.sha256 != digest(there)
      let place = "\(named(file.path)) line \(line)"
      throw Diagnostic(
        .differs,
        wasEdited
          ? "\(place) was edited: promotion writes something else"
          : "\(place) is not what \(Path.name(path)) gives now: it was changed after promotion",
        notes: difference(String(decoding: there, as: UTF8.self), file.text) + [again])
    }
    if let line = firstDifference(written, Array(made.lock.text.utf8)) {
      throw Diagnostic(
        .differs,
        "\(named(PipelineLock.fileName)) line \(line) does not fit \(Path.name(path)) any more",
        notes: difference(String(decoding: written, as: UTF8.self), made.lock.text) + [again])
    }
    let count = made.promotion.spec.steps.count
    return Message(
      subject: named("pipeline.yaml"),
      text: "\(count) step\(count == 1 ? "" : "s") · all files as promotion writes them",
      kind: "promote", facts: [Fact("files", .int(Int64(made.files.count + 1)))])
  }

  private static let again = "promote writes it anew"

  /// The number of the first line in which two texts differ, counted from 1; nil where they are equal.
  private static func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> Int? {
    if left == right { return nil }
    let left = left.split(separator: 0x0A, omittingEmptySubsequences: false)
    let right = right.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, pair) in zip(left, right).enumerated() where pair.0 != pair.1 { return index + 1 }
    return min(left.count, right.count)
  }

  /// Where a lock that cannot be read is damaged: where it is no JSON, where its options stand if no
  /// promotion has such, else where it is not the lock `fresh` of a promotion without options.
  private static func damagedLine(_ written: [UInt8], _ fresh: String) -> Int {
    func line(_ offset: Int) -> Int { written.prefix(offset).count { $0 == 0x0A } + 1 }
    do throws(JSONError) {
      let root = try JSONValue.parse(utf8: written)
      let lines = String(decoding: written, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      if let options = root["options"], (try? PromotionOptions(options)) == nil,
        let place = lines.firstIndex(where: { $0.contains("\"options\"") })
      {
        return place + 1
      }
      // Keys that stand in every lock, in their order.
      let keys = ["kaizen", "files", "inputs"]
      for key in keys where root[key] == nil || key == "kaizen" && root[key] != .int(1) {
        return lines.firstIndex { $0.contains("\"\(key)\"") }.map { $0 + 1 }
          ?? firstDifference(written, Array(fresh.utf8)) ?? 1
      }
      return firstDifference(written, Array(fresh.utf8)) ?? 1
    } catch {
      return line(error.offset)
    }
  }
}
