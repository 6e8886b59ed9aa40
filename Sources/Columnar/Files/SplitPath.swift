/// The folder with its slash, empty for the working directory, and the last part of the path.
package func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
  let after = path.utf8.index(after: slash)
  return (String(path[..<after]), String(path[after...]))
}
