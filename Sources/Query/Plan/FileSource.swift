import Columnar
import Formats

extension LogicalPlan.Source {
  /// A CSV file that is read when the plan runs, and then only the columns that are needed.
  ///
  /// Without a `schema` the types come from a first look at a part of the file. Where the whole of
  /// it turns out to have others, `Execution.run(binding:)` binds anew.
  /// Each reading's report goes to `report`. Throws as `CSVReader.read` does.
  package static func csv(
    path: String, options: CSVOptions = CSVOptions(), schema: Schema? = nil,
    report: @escaping @Sendable (LoadReport) -> Void = { _ in }
  ) throws -> LogicalPlan.Source {
    var known = schema
    if known == nil {
      var look = options
      look.rowLimit = min(options.rowLimit ?? .max, 1000)
      known = try CSVReader.read(path: path, options: look).frame.schema
    }
    return LogicalPlan.Source(label: path, schema: known ?? Schema([])) { columns in
      var wanted = options
      if let columns { wanted.columns = columns }
      let result = try CSVReader.read(path: path, options: wanted)
      report(result.report)
      return result.frame
    }
  }
}
