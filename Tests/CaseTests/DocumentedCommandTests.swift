import Foundation
import TestSupport
import Testing

/// Commands that the documents show are run as they stand.
@Suite struct DocumentedCommandTests {
  /// The lines of README.md for a shell, in the folder in which its sessions were typed.
  @Test func readmeCommandsRun() throws {
    let program = try Program()
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let text = try Project.text("README.md")
    let typed = text.matches(of: /```console\n((?s).*?)```/).flatMap { block in
      block.1.split(separator: "\n").compactMap { line in
        line.range(of: "› ").map { String(line[$0.upperBound...]) }
      }
    }
    // The prompt goes on after a mistake, a script does not.
    let lines = typed.filter { !$0.contains("body_mas_g") }
    #expect(lines.count < typed.count)
    let session = try program.run(input: lines.map { $0 + "\n" }.joined(), in: folder)
    #expect(session.status == 0, "\(session.output)")

    let commands = text.matches(of: /```sh\n((?s).*?)```/).flatMap { $0.1.split(separator: "\n") }
    #expect(!commands.isEmpty)
    for command in commands {
      let result = try program.run(shell: String(command), in: folder)
      #expect(result.status == 0, "\(command)\n\(result.output)")
      #expect(!result.output.isEmpty, "\(command) prints nothing")
    }
  }

  static let notebooks = Project.files(in: "notebooks", withExtension: "md")
    .filter { !$0.hasSuffix("/README.md") && !$0.contains("/out/") }

  /// Every notebook gives what it records, with any number of threads.
  @Test(arguments: notebooks, [1, 2, 8]) func notebookReplays(_ path: String, _ threads: Int) throws
  {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let result = try Program().run(
      ["--threads", "\(threads)", "replay", path, "--check"], in: folder)
    #expect(result.status == 0, "\(path)\n\(result.output)")
  }

  @Test func notebooksAreListed() throws {
    let list = try Project.text("notebooks/README.md")
    #expect(Self.notebooks.count >= 4)
    for path in Self.notebooks {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      #expect(list.contains("](\(name))"), "notebooks/README.md does not list \(name)")
    }
  }
}
