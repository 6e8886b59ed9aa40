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
  /// Whether what does not fit the width is left out of tables, and said; if not, lines get longer.
  package var elides: Bool
  /// Whether asides are shown, as `undo brings it back`: they are for who types.
  package var showsAsides = true

  package init(
    width: Int = 80, glyphs: Glyphs = .unicode, usesColor: Bool = false, rowLimit: Int? = nil,
    elides: Bool = true
  ) {
    self.width = width
    self.glyphs = glyphs
    self.usesColor = usesColor
    self.rowLimit = rowLimit
    self.elides = elides
  }

  /// What notebooks record: the same on every machine.
  package static let notebook: RenderContext = {
    var context = RenderContext(rowLimit: 50)
    context.showsAsides = false
    return context
  }()

  /// For standard output that is not a terminal: no colour and nothing elided.
  package static let pipe = RenderContext(elides: false)

  /// The width that lines are laid out for: what is narrower than a number cannot be used.
  var usableWidth: Int { max(width, 32) }
}
