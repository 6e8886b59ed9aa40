import Notebooks
import Query

/// All verbs, sorted by name. Help, completion, the parser, the reference and the tests go by this
/// list.
package enum Registry {
  package static let catalog = VerbCatalog(
    verbs, statements: Statements.all, synonyms: synonyms,
    functions: Set(Functions.all.map { $0.name }))

  static let verbs: [any Verb.Type] = [
    AggVerb.self,
    AppendVerb.self,
    CastVerb.self,
    CheckVerb.self,
    CleanVerb.self,
    CorrelateVerb.self,
    CountVerb.self,
    CutVerb.self,
    DedupeVerb.self,
    DeriveVerb.self,
    DescribeVerb.self,
    DistinctVerb.self,
    DropVerb.self,
    DropNullVerb.self,
    EvaluateVerb.self,
    ExitVerb.self,
    ExportVerb.self,
    FillVerb.self,
    FilterVerb.self,
    FitVerb.self,
    ForgetVerb.self,
    FramesVerb.self,
    GateVerb.self,
    HeadVerb.self,
    HelpVerb.self,
    HistVerb.self,
    HistoryVerb.self,
    JoinVerb.self,
    LoadVerb.self,
    ListFilesVerb.self,
    MeltVerb.self,
    MissingVerb.self,
    OutliersVerb.self,
    PivotVerb.self,
    PredictVerb.self,
    PromoteVerb.self,
    WorkingFolderVerb.self,
    QQVerb.self,
    RankVerb.self,
    RedoVerb.self,
    RenameVerb.self,
    ReplayVerb.self,
    RestoreVerb.self,
    SampleVerb.self,
    SaveVerb.self,
    ScatterVerb.self,
    SchemaVerb.self,
    SelectVerb.self,
    SetVerb.self,
    SnapshotVerb.self,
    SortVerb.self,
    RunFileVerb.self,
    SplitVerb.self,
    TabulateVerb.self,
    TailVerb.self,
    TakeVerb.self,
    TestVerb.self,
    UndoVerb.self,
    UseVerb.self,
  ]

  /// Spellings that several words make.
  static let synonyms = ["plot hist": "hist", "plot scatter": "scatter"]
}
