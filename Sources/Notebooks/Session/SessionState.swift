import Columnar
import Language
import Query

/// Everything that a line can change and `undo` brings back. A value: keeping one costs nothing.
package struct SessionState: Sendable {
  /// What names are bound to.
  package var bindings: [String: Value] = [:]
  /// The name of the current frame: what stages without a source work on.
  package var current: String?
  /// What was last shown: `_`.
  package var last: Value?
  package var definitions: [String: Definition] = [:]
  /// Where the columns of bound frames come from, as far as that is known.
  package var lineages: [String: FrameLineage] = [:]
  /// Names of values in which data have no part, as parameters.
  package var constants: Set<String> = []
  /// Declared parameters, in order of declaration.
  package var parameters: [Parameter] = []
  package var settings = Settings()
  /// The folder that relative paths start from; nil before a session has one.
  package var folder: String?
  /// Words of the user's own and the verbs they stand for.
  package var aliases: [String: String] = [:]

  package init() {}

  /// What each bound name is, in a word: `frame`, `scalar`, `model`.
  package var boundNames: [String: String] {
    bindings.mapValues { value in
      value.typeName.split(separator: " ").last.map(String.init) ?? value.typeName
    }
  }

  /// Whether a name is bound to rows.
  package func isFrame(_ name: String) -> Bool {
    switch bindings[name] {
    case .frame, .plan: true
    default: false
    }
  }

  /// Scalars by name: bound scalars, parameters and frames of one row and column.
  package var variables: [String: Scalar] {
    var variables: [String: Scalar] = [:]
    for (name, value) in bindings {
      switch value {
      case .scalar(let scalar): variables[name] = scalar
      case .frame(let frame) where frame.rowCount == 1 && frame.columns.count == 1:
        variables[name] = frame.columns[0][0]
      default: break
      }
    }
    return variables
  }

  /// Secrets by name.
  package var secrets: [String: Secret] {
    bindings.compactMapValues { value in
      if case .object(let object) = value { object as? Secret } else { nil }
    }
  }

  /// Frames of one column, which stand for lists.
  package var lists: [String: BoundList] {
    bindings.compactMapValues { value in
      guard case .frame(let frame) = value, frame.columns.count == 1 else { return nil }
      return BoundList(frame.columns[0])
    }
  }
}

/// A declared parameter with its type and bounds.
package struct Parameter: Sendable {
  package var name: String
  package var type: DataType
  package var value: Scalar
  package var defaultValue: Scalar
  package var minimum: Scalar?
  package var maximum: Scalar?
  package var choices: [Scalar]
  package var documentation: String?
  /// The variable of the environment that has the value of a secret, which stands nowhere else; nil
  /// for what is none.
  package var secret: String?

  /// A secret: text from a variable of the environment.
  package init(name: String, secret: String, documentation: String? = nil) {
    self.init(name: name, type: .text, value: .null, documentation: documentation)
    self.secret = secret
  }

  package init(
    name: String, type: DataType, value: Scalar, minimum: Scalar? = nil, maximum: Scalar? = nil,
    choices: [Scalar] = [], documentation: String? = nil
  ) {
    self.name = name
    self.type = type
    self.value = value
    defaultValue = value
    self.minimum = minimum
    self.maximum = maximum
    self.choices = choices
    self.documentation = documentation
  }
}

/// What `set` changes.
package struct Settings: Sendable {
  /// Rows of a frame shown on a terminal.
  package var rows = 20
  /// Columns of the screen; nil follows the terminal.
  package var width: Int?
  package var usesColor = true
  /// nil follows the terminal.
  package var usesUnicode: Bool?
  package var threads = 0
  /// Bytes that columns may take; 0 is 60% of what was free at the start.
  package var memory = 0
  /// Whether the keys at the prompt are those of vi.
  package var usesViKeys = false
  /// What shows a result that is higher than the screen: `auto`, `off`, or a command that does.
  package var pager = "auto"
}
