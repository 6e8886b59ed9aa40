import Columnar
import Display

/// Outputs that several suites draw.
enum Samples {
  static func number(_ value: Double) -> Cell { .number(value, .significant(6)) }

  /// The first rows of the penguins, with the null row among them.
  static func penguins() throws -> Frame {
    Frame(
      names: [
        "species", "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm",
        "body_mass_g", "sex", "year",
      ],
      columns: [
        try .texts(Array(repeating: "Adelie", count: 5)),
        try .texts(Array(repeating: "Torgersen", count: 5)),
        try .floats([39.1, 39.5, 40.3, nil, 36.7]), try .floats([18.7, 17.4, 18.0, nil, 19.3]),
        try .ints([181, 186, 195, nil, 193]), try .ints([3750, 3800, 3250, nil, 3450]),
        try .texts(["male", "female", "female", nil, "female"]),
        try .ints(Array(repeating: 2007, count: 5)),
      ])
  }

  /// What `describe` says of three columns.
  static let describe = Report(
    kind: "describe", title: ["344 rows × 8 columns · 19 nulls in 5 columns · no duplicate rows"],
    sections: [
      .table(
        ReportTable(
          key: "numbers",
          columns: [
            ReportColumn("number"), ReportColumn("nulls", .right), ReportColumn("mean", .decimal),
            ReportColumn("sd", .decimal, droppable: 3), ReportColumn("min", .decimal),
            ReportColumn("q25", title: "25%", .decimal, droppable: 1),
            ReportColumn("max", .decimal), ReportColumn("spark", title: "", droppable: 4),
          ],
          rows: [
            [
              .text("bill_length_mm"), .int(2), number(43.9219298245614),
              number(5.459583713926532), number(32.1), number(39.225), number(59.6),
              .spark([20, 50, 60, 30, 60, 70, 20, 1]),
            ],
            [
              .text("year"), .int(0), number(2008.029069767442), number(0.8183559254),
              number(2007), number(2007), number(2009), .spark([110, 0, 0, 0, 114, 0, 0, 120]),
            ],
          ])),
      .table(
        ReportTable(
          key: "texts",
          columns: [
            ReportColumn("text"), ReportColumn("nulls", .right), ReportColumn("distinct", .right),
            ReportColumn("top", title: "most frequent"),
          ],
          rows: [
            [
              .text("species"), .int(0), .int(3),
              .text("Adelie 152 (44%) · Gentoo 124 (36%) · Chinstrap 68 (20%)"),
            ],
            [.text("sex"), .int(11), .int(2), .text("male 168 (50%) · female 165 (50%)")],
          ])),
    ])

  /// What `fit` says of a linear model.
  static let model = Report(
    kind: "ols",
    title: ["m  ols  body_mass_g ~ flipper_length_mm + species     342 rows (2 left out: null)"],
    sections: [
      .table(
        ReportTable(
          key: "terms",
          columns: [
            ReportColumn("term", title: ""), ReportColumn("estimate", .right),
            ReportColumn("std_error", title: "std error", .right), ReportColumn("t", .right),
            ReportColumn("p", .right),
            ReportColumn("interval", title: "95% interval", droppable: 2),
            ReportColumn("note", title: "", droppable: 1),
          ],
          rows: [
            [
              .text("(intercept)"), number(-4031.4769305), number(584.1510322),
              .number(-6.9014, .decimals(2)), .number(2.5537e-11, .pValue),
              .interval(-5180.5072, -2882.4466), .empty,
            ],
            [
              .text("flipper_length_mm"), number(40.7053969), number(3.0710234),
              .number(13.2547, .decimals(2)), .number(1.4014e-32, .pValue),
              .interval(34.6646723, 46.7461215), .empty,
            ],
            [
              .text("species Chinstrap"), number(-206.5101359), number(57.7306359),
              .number(-3.5771, .decimals(2)), .number(0.00039697, .pValue),
              .interval(-320.0668, -92.9535), .text("reference Adelie"),
            ],
          ]))
    ],
    footer: [
      "R² 0.7826 · adjusted 0.7807 · residual sd 375.535 on 338 df · F 405.693, p 1.2e-111",
      "diagnose m · evaluate m on test · predict m",
    ],
    facts: [Fact("n", .int(342)), Fact("r2", .number(0.78255964))])

  /// The body mass of the penguins, in bins and by species.
  static let massLabels = [
    "[2500, 3000)", "[3000, 3500)", "[3500, 4000)", "[4000, 4500)", "[4500, 5000)", "[5000, 5500)",
    "[5500, 6000)", "[6000, 6500)",
  ]
  static let massEdges = stride(from: 2500.0, through: 6500, by: 500).map { $0 }
  static let mass = Histogram(
    variable: "body_mass_g", binLabels: massLabels, edges: massEdges, binWidth: "500",
    panels: [
      .init(label: nil, counts: [9, 62, 94, 59, 51, 34, 29, 4], valueCount: 342, nullCount: 2)
    ])
  static let massBySpecies = Histogram(
    variable: "body_mass_g", binLabels: massLabels, edges: massEdges, binWidth: "500",
    panels: [
      .init(
        label: "species = Adelie", counts: [7, 47, 58, 31, 8, 0, 0, 0], valueCount: 151,
        nullCount: 1),
      .init(
        label: "species = Chinstrap", counts: [2, 15, 35, 13, 3, 0, 0, 0], valueCount: 68,
        nullCount: 0),
      .init(
        label: "species = Gentoo", counts: [0, 0, 1, 15, 40, 34, 29, 4], valueCount: 123,
        nullCount: 1),
    ])
}

/// Random numbers that are the same in every run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A float of any size and sign.
  mutating func anyFloat() -> Double {
    while true {
      let value = Double(bitPattern: next())
      if value.isFinite { return value }
    }
  }
}

/// The lines of a text, without the empty one after the last newline.
func lines(_ text: String) -> [Substring] {
  text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
}
