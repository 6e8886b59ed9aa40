import Testing

@testable import Columnar

/// One piece of work inside another. Serialized: there is one progress in a program, and other tests
/// may move it, so an instance of its own is looked at.
@Suite struct ProgressTests {
  @Test func theWorkAroundGoesOn() {
    let progress = Progress()
    progress.begin("replay a.md", unit: "cells", total: 4)
    progress.advance(3)
    progress.begin("load b.csv", unit: "rows", total: 100)
    progress.advance(40)
    #expect(progress.state.label == "load b.csv" && progress.state.done == 40)
    progress.end()
    #expect(progress.state.label == "replay a.md" && progress.state.done == 3)
    #expect(progress.state.unit == "cells" && progress.state.total == 4)
    progress.end()
    #expect(progress.state.label.isEmpty)
    progress.end()
    #expect(progress.state.label.isEmpty)
  }

  @Test func passesAreCountedWhereWorkHasThem() {
    let progress = Progress()
    #expect(progress.beginPass(parts: 8) == 0)
    progress.begin("load b.csv", unit: "rows", total: 100)
    #expect(progress.beginPass(parts: 8) == 0)
    progress.begin("sort", passesOver: 1000)
    #expect(progress.beginPass(parts: 1) == 0)
    #expect(progress.beginPass(parts: 10) == 100)
    progress.advance(100)
    #expect(progress.state.label == "sort" && progress.state.done == 100)
    #expect(progress.beginPass(parts: 4) == 250)
    #expect(progress.state.label == "sort, pass 2" && progress.state.done == 0)
    progress.end()
    #expect(progress.beginPass(parts: 8) == 0)
  }
}
