import Columnar
import Foundation
import Language
import Notebooks
import TestSupport
import Testing

/// A replayed notebook is someone else's program.
struct SandboxTests {
  /// Runs lines as a notebook in `book/`, beside which lies `secret.csv`.
  private func run(
    _ code: String, allow: [String] = [], frontMatter: String = "",
    prepare: (Workspace) throws -> Void = { _ in }
  ) throws -> (error: Diagnostic?, workspace: Workspace) {
    let workspace = try Workspace()
    try workspace.write("a\n1\n", "secret.csv")
    try workspace.write("a\n2\n", "book/own.csv")
    try prepare(workspace)
    try workspace.write("\(frontMatter)```kaizen\n\(code)\n```\n", "book/x.md")
    return (workspace.replay("book/x.md", allow: allow.map { workspace.path($0) }).error, workspace)
  }

  @Test func itsOwnFolderIsItsOwn() throws {
    let (error, workspace) = try run(
      "load \"own.csv\" as x\nexport x \"new/sub/y.csv\"\nload \"new/../new/sub/y.csv\" as y")
    #expect(error == nil, "\(error?.whole ?? "")")
    #expect(workspace.exists("book/new/sub/y.csv"))
  }

  @Test(arguments: [
    "load \"../secret.csv\" as x", "load \"own/../../secret.csv\" as x",
    "load \"/etc/passwd\" as x",
    "load \"~/x.csv\" as x", "load \"link.csv\" as x", "load \"folder/secret.csv\" as x",
    "load - as x",
  ])
  func nothingElseIsRead(line: String) throws {
    let (error, _) = try run(line) { workspace in
      symlink(workspace.path("secret.csv"), workspace.path("book/link.csv"))
      symlink(workspace.folder, workspace.path("book/folder"))
    }
    #expect(error?.code == .notAllowed, "\(error?.whole ?? "no error")")
    #expect(error?.status == 1)
  }

  @Test(arguments: [
    "../stolen.csv", "sub/../../stolen.csv", "folder/stolen.csv", "link.csv", "dangling.csv",
    "dangling/stolen.csv",
  ])
  func nothingElseIsWritten(path: String) throws {
    let (error, workspace) = try run("load \"own.csv\" as x\nexport x \"\(path)\"") { workspace in
      symlink(workspace.path("secret.csv"), workspace.path("book/link.csv"))
      symlink(workspace.folder, workspace.path("book/folder"))
      symlink(workspace.path("stolen.csv"), workspace.path("book/dangling.csv"))
      symlink(workspace.path("nowhere"), workspace.path("book/dangling"))
    }
    if path != "dangling.csv" { #expect(error != nil) }
    #expect(!workspace.exists("stolen.csv") && !workspace.exists("nowhere"))
    #expect(try workspace.read("secret.csv") == "a\n1\n")
  }

  @Test func thereIsNoShell() throws {
    #expect(try run("! touch ../touched").error?.code == .notAllowed)
  }

  @Test func leaveIsGivenByFolder() throws {
    let (error, _) = try run("load \"../secret.csv\" as x\nexport x \"../out.csv\"", allow: ["."])
    #expect(error == nil, "\(error?.whole ?? "")")
    // A folder whose name begins alike is another one.
    let near = try run("load \"../secret.csv\" as x", allow: ["secret"])
    #expect(near.error?.code == .notAllowed)
  }

  @Test func aPinGivesLeaveForThatContentOnly() throws {
    let sha256 = digest("a\n1\n")
    func matter(_ sha256: String) -> String {
      "---\ninputs:\n  ../secret.csv: {sha256: \(sha256), bytes: 4}\n---\n"
    }
    let line = "load \"../secret.csv\" as x"
    #expect(try run(line, frontMatter: matter(sha256)).error == nil)
    let wrong = try run(line, frontMatter: matter(String(repeating: "0", count: 64)))
    #expect(wrong.error?.status == 4)
    #expect(wrong.error?.whole.contains("--allow") == true)
    let allowed = try run(
      line, allow: ["."], frontMatter: matter(String(repeating: "0", count: 64)))
    #expect(allowed.error == nil)
    // What is pinned may be read, not written.
    let (error, workspace) = try run(
      "load \"own.csv\" as x\nexport x \"../secret.csv\"", frontMatter: matter(sha256))
    #expect(error?.code == .notAllowed)
    #expect(try workspace.read("secret.csv") == "a\n1\n")
  }
}
