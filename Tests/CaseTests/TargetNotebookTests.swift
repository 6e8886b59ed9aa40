import TestSupport
import Testing

/// The notebooks that are run by the tools of each target: what changes their outputs is noticed here,
/// not first where the tools are installed.
@Suite struct TargetNotebookTests {
  @Test(arguments: ["mass", "ports", "codes"]) func checksClean(_ name: String) throws {
    let program = try Program()
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let source = "'" + Project.path("Tests/External/targets") + "'"
    let copied = try program.run(
      shell: "cp \(source)/\(name).md* \(source)/ports.csv datasets/penguins.csv "
        + "datasets/titanic.csv .", in: folder)
    #expect(copied.status == 0, "\(copied.output)")
    let result = try program.run(
      shell: "PSEUDONYM_KEY=sixteen-bytes-or-more kaizen replay \(name).md --check", in: folder)
    #expect(result.status == 0, "\(result.output)")
  }
}
