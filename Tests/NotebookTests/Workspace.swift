import Columnar
import Display
import Foundation
import Language
import Notebooks
import Pipelines
import TestSupport
import Verbs

import struct TestSupport.ScratchFolder

/// A folder of its own, with sessions that start in it.
final class Workspace {
  let scratch: ScratchFolder
  var folder: String { scratch.workPath }

  init() throws { scratch = try TestSupport.ScratchFolder() }

  deinit { scratch.remove() }

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ text: String, _ name: String) throws {
    try Path.createFolders(Path.parent(path(name)))
    try writeText(text, to: path(name))
  }

  func read(_ name: String) throws -> String { try readText(path(name)) }

  func exists(_ name: String) -> Bool { Path.exists(path(name)) }

  /// Puts `new` where `old` stands first.
  func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try read(name)
    guard let range = text.range(of: old) else {
      throw Diagnostic(.usage, "\(name) has no \(old):\n\(text)")
    }
    try write(text.replacingCharacters(in: range, with: new), name)
  }

  func session(_ lines: String...) throws -> Session {
    let session = Session(catalog: Registry.catalog, files: FileAccess(base: folder))
    session.runHistory = scratch.path + "/runs.db"
    for line in lines { try session.run(line) }
    return session
  }

  /// Runs lines in one session and gives the error that ends them.
  @discardableResult
  func error(_ lines: String...) -> Diagnostic? {
    let session = Session(catalog: Registry.catalog, files: FileAccess(base: folder))
    do {
      for line in lines { try session.run(line) }
      return nil
    } catch {
      return error as? Diagnostic
    }
  }

  /// Replays a notebook; the error that a program would end with, and all that was said.
  @discardableResult
  func replay(
    _ name: String, _ mode: ReplayRequest.Mode = .run, _ arguments: [(String, String)] = [],
    copy: String? = nil, allow: [String] = []
  ) -> (error: Diagnostic?, summary: String, runs: [CellRun]) {
    var request = ReplayRequest(path: path(name))
    request.mode = mode
    request.arguments = arguments.map { (name: $0.0, value: $0.1) }
    request.copy = copy.map { path($0) }
    request.allowed = allow
    var runs: [CellRun] = []
    do {
      let result = try request.perform(like: try session()) { runs.append($0) }
      return (nil, result.summary.text, runs)
    } catch let error as Diagnostic {
      return (error, "", runs)
    } catch let error as DataError {
      return (Diagnostic(error, span: nil), "", runs)
    } catch {
      return (Diagnostic(.io, "\(error)"), "", runs)
    }
  }

  /// Promotes a notebook into `folder`.
  @discardableResult
  func promote(_ name: String, to folder: String = "pipeline") throws -> PipelineSpec {
    _ = try Promotion.promote(path(name), into: path(folder), like: try session())
    let file = "pipeline.yaml"
    return try PipelineSpec(parsing: try read("\(folder)/\(file)"), file: file)
  }

  /// Runs a pipeline in sessions of their own; the error that ends it.
  func run(
    _ file: String = "pipeline/pipeline.yaml", _ arguments: [(String, String)] = []
  ) throws -> Diagnostic? {
    let run = try PipelineRun(
      path: path(file), arguments: arguments.map { (name: $0.0, value: $0.1) })
    let executor = InProcessExecutor(like: try session())
    do {
      return try PipelineRunner(run, executor: executor).run().outcomes.first { $0.error != nil }?
        .error
    } catch let error as Diagnostic {
      return error
    }
  }
}

extension Diagnostic {
  /// All that a person reads.
  var whole: String { render(source: "") }
  var status: Int32 { code.exitStatus }
}

/// Numbers that are the same in every run.
struct Random: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &self) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}
