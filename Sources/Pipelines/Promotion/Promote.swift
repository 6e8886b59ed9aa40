import Columnar
import Display
import Language
import Notebooks

extension Promotion {
  /// Replays the notebook at `path`, which must check clean, promotes it and writes the files into
  /// `folder`. Both absolute. Returns what to show.
  ///
  /// Without `options` those of the promotion before stand. What that one wrote for other targets is
  /// removed, if it is as it was written.
  package static func promote(
    _ path: String, into folder: String, options: PromotionOptions? = nil, like session: Session
  ) throws -> Report {
    let before = try? PipelineLock(in: folder)
    let made = try PromotedFiles(
      path, into: folder, options: options ?? before?.options ?? PromotionOptions(), like: session)
    for file in made.files {
      try Path.createFolders(Path.parent(folder + "/" + file.path))
      try writeText(file.text, to: folder + "/" + file.path)
    }
    try writeText(made.lock.text, to: folder + "/" + PipelineLock.fileName)
    let left = try before.map { try made.removeOthers(of: $0, in: folder) } ?? []
    return made.report(folder: folder, base: session.files.base, left: left)
  }

  /// Compares the files in `folder` with what promotion of the notebook writes now. Throws `differs`
  /// with the file and the line for one that was edited, is missing or is older than the notebook.
  package static func check(
    _ path: String, into folder: String, options: PromotionOptions? = nil, like session: Session
  ) throws -> Message {
    func named(_ file: String) -> String {
      Path.relative(folder + "/" + file, to: session.files.base)
    }
    let again = "promote writes it anew"
    guard Path.exists(folder + "/" + PipelineLock.fileName) else {
      throw Diagnostic(.differs, "\(named(PipelineLock.fileName)) is missing", notes: [again])
    }
    let lock = try PipelineLock(in: folder)
    let source = Path.relative(path, to: folder)
    // What lies there is compared first: that needs no replay.
    for file in lock.files where file.path != source {
      guard Path.exists(folder + "/" + file.path) else {
        throw Diagnostic(.differs, "\(named(file.path)) is missing", notes: [again])
      }
    }
    let made = try PromotedFiles(
      path, into: folder, options: options ?? lock.options, like: session)
    let (files, fresh) = (made.files, made.lock)
    let isStale = lock.files.contains { file in
      file.path == source && fresh.files.first { $0.path == source }?.sha256 != file.sha256
    }
    for file in files {
      let there =
        Path.exists(folder + "/" + file.path) ? try readText(folder + "/" + file.path) : ""
      guard let line = firstDifference(there, file.text) else { continue }
      let wasEdited = lock.files.first { $0.path == file.path }?.sha256 != digest(there)
      let place = "\(named(file.path)) line \(line)"
      throw Diagnostic(
        .differs,
        wasEdited
          ? "\(place) was edited: promotion writes something else"
          : "\(place) is not what \(Path.name(path)) gives now: it was changed after promotion",
        notes: difference(there, file.text) + [again])
    }
    if isStale || fresh.text != lock.text {
      throw Diagnostic(
        .differs, "\(named(PipelineLock.fileName)) does not fit \(Path.name(path)) any more",
        notes: [again])
    }
    let count = made.promotion.spec.steps.count
    return Message(
      subject: named("pipeline.yaml"),
      text: "\(count) step\(count == 1 ? "" : "s") · all files as promotion writes them",
      kind: "promote", facts: [Fact("files", .int(Int64(files.count + 1)))])
  }

  /// The number of the first line in which two texts differ, counted from 1; nil where they are equal.
  private static func firstDifference(_ left: String, _ right: String) -> Int? {
    if Array(left.utf8) == Array(right.utf8) { return nil }
    let left = left.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    let right = right.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, pair) in zip(left, right).enumerated() where !pair.0.elementsEqual(pair.1) {
      return index + 1
    }
    return min(left.count, right.count)
  }
}

extension Replay {
  /// The steps that headings like `## step: clean` put lines into, by the place of the line among the
  /// lines that ran; a step goes on to the next heading. Throws `syntax` for an option that a step does
  /// not have.
  func stepHeadings() throws -> [Int: StepHeading] {
    var headings: [Int: StepHeading] = [:]
    var current: StepHeading?
    var number = 0
    for element in notebook.elements {
      switch element {
      case .prose(let text):
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
          let marks = line.prefix { $0 == "#" }.count
          guard (1...6).contains(marks), line.dropFirst(marks).first == " " else { continue }
          let title = line.dropFirst(marks).filter { $0 != "\r" }.drop { $0 == " " }
          guard title.lowercased().hasPrefix("step:") else {
            current = nil
            continue
          }
          current = try StepHeading(String(title.dropFirst(5)))
        }
      case .cell:
        if number < runs.count, let current {
          for place in runs[number].steps { headings[place] = current }
        }
        number += 1
      case .frontMatter, .output: break
      }
    }
    return headings
  }
}
