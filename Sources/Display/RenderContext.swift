/// What the renderers may use of the place the output goes to.
package struct RenderContext: Sendable {
  package enum Glyphs: Sendable {
    case unicode, ascii
  }

  /// Columns of the terminal; notebooks and pipes have 80.
  package var width: Int
  package var glyphs: Glyphs
  package var usesColor: Bool
  /// How many rows of a frame are shown at most; nil shows all.
  package var rowLimit: Int?

  package init(
    width: Int = 80, glyphs: Glyphs = .unicode, usesColor: Bool = false, rowLimit: Int? = nil
  ) {
    self.width = width
    self.glyphs = glyphs
    self.usesColor = usesColor
    self.rowLimit = rowLimit
  }

  /// What notebooks record: the same on every machine.
  package static let notebook = RenderContext(rowLimit: 50)
}
