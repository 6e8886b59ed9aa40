import TestSupport
import Testing

/// What holds for every source file.
@Suite struct SourceTests {
  /// A file that is longer than 600 lines has a reason that can be told here; two may.
  static let longFiles: [String: String] = [:]

  @Test(arguments: SourceFile.all) func isNotTooLong(_ file: SourceFile) {
    let isException = Self.longFiles[file.path] != nil
    #expect(file.lines.count <= 601 || isException, "\(file.path) has over 600 lines")
  }

  @Test func longFilesAreFewAndThere() {
    #expect(Self.longFiles.count <= 2)
    let long = SourceFile.all.filter { $0.lines.count > 601 }.map(\.path)
    #expect(Set(Self.longFiles.keys).isSubset(of: long))
  }

  /// Modules are opened to each other by `package`; what a user can type must not end the program.
  @Test(arguments: SourceFile.all) func holdsNothingForbidden(_ file: SourceFile) {
    for (index, line) in file.code.enumerated() {
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "!" }
      for word in words where Self.forbidden.contains(word) {
        Issue.record("\(file.path):\(index + 1): \(word)")
      }
    }
  }

  static let forbidden: Set<Substring> = [
    "public", "fatalError", "preconditionFailure", "try!", "as!", "Ounchecked",
  ]

  @Test(arguments: SourceFile.all) func endsWithOneNewline(_ file: SourceFile) {
    #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"))
  }

  /// Every unsafe construct says why it is safe, in the ten lines above it.
  @Test(arguments: SourceFile.all) func unsafeCodeSaysWhy(_ file: SourceFile) {
    for (index, line) in file.code.enumerated() where line.contains("nonisolated(unsafe)") {
      let above = file.lines[max(0, index - 10)...index]
      #expect(above.contains { $0.contains("SAFETY:") }, "\(file.path):\(index + 1)")
    }
  }
}

@Suite struct TestFileTests {
  /// `make test` runs Swift Testing alone: a test of another kind would never run.
  @Test func allTestsAreOfOneKind() throws {
    for path in Project.files(in: "Tests", withExtension: "swift") {
      let file = SourceFile(path: path, text: try Project.text(path))
      #expect(!file.imports.contains("XCTest"), "\(path)")
    }
  }
}

@Suite struct SourceFileTests {
  @Test func codeIsWhatIsNeitherCommentNorText() {
    let file = SourceFile(
      path: "Sources/A/a.swift",
      text: #"""
        let a = "try! // \" x" // as!
        /* public
        */ b("""
          fatalError \"""
        """) + c
        """#)
    #expect(file.code == ["let a =  ", "", " b(", "", ") + c"])
  }

  @Test func importsAreFoundInEveryForm() {
    let file = SourceFile(
      path: "Sources/A/a.swift",
      text: """
        import Columnar
        @preconcurrency import Foundation
          import struct Foundation.Date
        package import Query
        import _Builtin_intrinsics.intel.sse2
        // import Verbs
        let x = "import Display"
        """)
    #expect(
      file.imports == ["Columnar", "Foundation", "Foundation", "Query", "_Builtin_intrinsics"])
    #expect(file.module == "A")
  }
}
