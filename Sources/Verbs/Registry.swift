import Notebooks
import Query

/// All verbs, sorted by name. Help, completion, the parser, the reference and the tests go by this
/// list.
package enum Registry {
  package static let catalog = VerbCatalog(
    verbs, statements: Statements.all, synonyms: synonyms, functions: Set(Functions.all.map(\.name))
  )

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
    DiffVerb.self,
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
    GraphVerb.self,
    HeadVerb.self,
    HelpVerb.self,
    HistVerb.self,
    HistoryVerb.self,
    JoinVerb.self,
    JupyterVerb.self,
    LoadVerb.self,
    ListFilesVerb.self,
    MeltVerb.self,
    MissingVerb.self,
    OpenVerb.self,
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
    RunsVerb.self,
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
