import Foundation

/// A temporary folder for one test: a home, a working folder in which `datasets` and `notebooks` are
/// those of the project, and the environment that goes with them.
package struct ScratchFolder: Sendable {
  package let path: String

  /// Where programs are run.
  package var workPath: String { path + "/work" }

  package init() throws {
    let files = FileManager.default
    path = files.temporaryDirectory.path + "/kaizen-test-\(UUID().uuidString)"
    for folder in ["work", "home", "tmp", "bin"] {
      try files.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    for shared in ["datasets", "notebooks"] where files.fileExists(atPath: Project.path(shared)) {
      try files.createSymbolicLink(
        atPath: "\(workPath)/\(shared)", withDestinationPath: Project.path(shared))
    }
  }

  /// The whole environment of what is run here.
  package var environment: [(String, String)] {
    let home = path + "/home"
    return [
      ("PATH", path + "/bin:/usr/local/bin:/usr/bin:/bin"), ("HOME", home),
      ("XDG_CONFIG_HOME", home + "/config"), ("XDG_DATA_HOME", home + "/data"),
      ("XDG_STATE_HOME", home + "/state"), ("XDG_CACHE_HOME", home + "/cache"),
      ("TMPDIR", path + "/tmp"), ("TZ", "UTC"), ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"),
      ("TERM", "dumb"),
    ]
  }

  package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
