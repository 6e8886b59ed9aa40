import Language

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where relative paths start, and what a session may touch.
///
/// A session at the prompt may do what its user may. A replayed notebook is someone else's program:
/// it writes below its own folder only, and reads outside it only what its inputs pin.
package struct FileAccess: Sendable {
  package enum Policy: Sendable {
    case unrestricted
    /// Writes only below `writable` folders; reads only below `readable` folders or of pinned files.
    case confined(readable: [String], writable: [String], pinned: Set<String>)
  }

  /// The folder that relative paths start from.
  package var base: String
  package var policy: Policy
  /// Where writes go instead of their place, below a scratch folder: for the trial replay of `save`.
  package var redirect: String?

  package init(base: String, policy: Policy = .unrestricted, redirect: String? = nil) {
    self.base = base
    self.policy = policy
    self.redirect = redirect
  }

  /// The absolute path of `path`, with `~`, `.` and `..` resolved but not symbolic links.
  package func absolute(_ path: String) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") {
      path = String(cString: home) + path.dropFirst()
    }
    return Path.normalized(path.hasPrefix("/") ? path : base + "/" + path)
  }

  /// The path to read `path` from. Throws `notAllowed` where the policy forbids it.
  package func readable(_ path: String, span: Span? = nil) throws -> String {
    let absolute = absolute(path)
    if let redirect {
      let written = redirect + absolute
      if access(written, F_OK) == 0 { return written }
    }
    guard case .confined(let readable, _, let pinned) = policy else { return absolute }
    if path == "-" {
      throw Diagnostic(
        .notAllowed, "a replayed notebook does not read standard input", span: span)
    }
    let real = Path.real(absolute)
    if pinned.contains(absolute) || readable.contains(where: { Path.contains($0, real) }) {
      return absolute
    }
    throw Diagnostic(
      .notAllowed, "this notebook may not read \"\(path)\": it lies outside its folder", span: span,
      hints: [allowance(for: absolute)])
  }

  /// The path to write `path` to. Throws `notAllowed` where the policy forbids it.
  package func writable(_ path: String, span: Span? = nil) throws -> String {
    let absolute = absolute(path)
    if case .confined(_, let writable, _) = policy {
      let real = Path.real(absolute)
      guard writable.contains(where: { Path.contains($0, real) }) else {
        throw Diagnostic(
          .notAllowed, "this notebook may not write \"\(path)\": it lies outside its folder",
          span: span, hints: [allowance(for: absolute)])
      }
      // A notebook that was cloned comes without the folders that it fills.
      if redirect == nil { try Path.createFolders(Path.parent(absolute)) }
    }
    guard let redirect else { return absolute }
    let target = redirect + absolute
    try Path.createFolders(Path.parent(target))
    return target
  }

  /// The option that allows a file, its folder as one would type it here.
  private func allowance(for absolute: String) -> String {
    "--allow " + Path.relative(Path.parent(absolute), to: Path.current)
  }
}
