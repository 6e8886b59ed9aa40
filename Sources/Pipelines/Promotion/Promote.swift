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
