import Display
import Language
import TestSupport
import Testing

/// A program and its printed text mean the same: they give the same rows or the same error.
@Suite struct PrintedProgramTests {
  private static func session() throws -> Lines {
    let lines = try Lines()
    try #"""
    i,x,s,b,d
    0,0.5,a,true,2024-02-29
    -3,,b,false,1969-12-31
    7,2.25,"é",,2024-01-31
    ,-1e300,"x/y",true,
    9007199254740993,1e-9,"",false,0001-01-01
    5,3,A1,true,9999-12-31
    2,0,it's,,2000-01-01
    """#.write(toFile: lines.folder.workPath + "/t.csv", atomically: true, encoding: .utf8)
    try lines.run("load \"t.csv\" as t")
    return lines
  }

  private func outcome(_ lines: Lines, _ run: () throws -> Void) -> (text: String, works: Bool) {
    let before = lines.outputs.count
    do {
      try run()
      return (lines.outputs.dropFirst(before).map { $0.json() }.joined(), true)
    } catch {
      let diagnostic = lines.session.diagnostic(error)
      return ("\(diagnostic.code.rawValue): \(diagnostic.message)", false)
    }
  }

  @Test func printedProgramsRunAsWritten() throws {
    let lines = try Self.session()
    var programs = TypedPrograms(seed: 17)
    var working = 0
    for _ in 0..<600 {
      let statement = programs.statement()
      let text = print(statement, grammar: lines.session.grammar)
      let meant = outcome(lines) { try lines.session.run(statement) }
      let read = outcome(lines) { try lines.run(text) }
      try #require(meant.text == read.text, "\(text)")
      working += meant.works ? 1 : 0
    }
    #expect(working > 400, "\(working) of 600 run")
  }
}
