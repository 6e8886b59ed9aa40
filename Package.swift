// swift-tools-version: 6.2
import PackageDescription

// KAIZEN_NO_LIBEDIT=1 builds without libedit: the prompt is then a plain line reader.
let hasLibEdit = Context.environment["KAIZEN_NO_LIBEDIT"] == nil
// CI turns warnings into errors; a user's newer compiler must not.
let isStrict = Context.environment["CI"] != nil || Context.environment["KAIZEN_STRICT"] != nil

let settings: [SwiftSetting] = isStrict ? [.treatAllWarnings(as: .error)] : []

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

var targets: [Target] = [
  .systemLibrary(
    name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  .systemLibrary(
    name: "CPCRE2", pkgConfig: "libpcre2-8",
    providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
  .systemLibrary(
    name: "CSQLite", pkgConfig: "sqlite3",
    providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
  .target(name: "CMemory"),
  module("Columnar", ["CMemory"]),
  module("Language"),
  module("Formats", ["Columnar", "CMemory", "CZlib"]),
  module("Modeling", ["Columnar"]),
  module("Query", ["Columnar", "Language", "Formats", "CPCRE2"]),
  module("Display", ["Columnar", "Language"]),
  module(
    "Notebooks",
    [
      "Query", "Display", "Language", "Columnar", .product(name: "Yams", package: "Yams"),
    ]),
  module(
    "Pipelines",
    [
      "Notebooks", "Query", "Display", "Language", "Columnar", "CSQLite",
      .product(name: "Yams", package: "Yams"),
    ]),
  module(
    "Verbs",
    [
      "Columnar", "Language", "Formats", "Modeling", "Query", "Display", "Notebooks", "Pipelines",
    ]),
  .target(name: "CTerminal"),
  .target(
    name: "Terminal",
    dependencies: ["Language", "CTerminal"] + (hasLibEdit ? ["CLibEdit"] : []),
    swiftSettings: settings),
  .executableTarget(
    name: "kaizen",
    dependencies: [
      "Columnar", "Language", "Formats", "Modeling", "Query", "Display", "Notebooks", "Pipelines",
      "Verbs", "Terminal", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], swiftSettings: settings),
  .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
  .target(
    name: "TestSupport", dependencies: ["Columnar", "Language", "CPseudoTerminal"],
    path: "Tests/TestSupport",
    swiftSettings: settings),
  tests("ColumnarTests", ["Columnar"]),
  tests("LanguageTests", ["Language"]),
  tests("FormatsTests", ["Formats", "Columnar"]),
  tests("ModelingTests", ["Modeling", "Columnar"]),
  tests("QueryTests", ["Query", "Columnar", "Language"]),
  tests("DisplayTests", ["Display", "Columnar", "Language"]),
  tests(
    "NotebookTests",
    ["Columnar", "Language", "Query", "Display", "Notebooks", "Verbs", "Pipelines"]),
  .executableTarget(
    name: "EditorProbe", dependencies: ["Terminal"], path: "Tests/EditorProbe",
    swiftSettings: settings),
  tests("TerminalTests", ["Terminal", "Language", "EditorProbe"]),
  tests("CaseTests", []),
  tests("HouseTests", []),
]
if hasLibEdit {
  targets.append(
    .systemLibrary(
      name: "CLibEdit", pkgConfig: "libedit",
      providers: [.apt(["libedit-dev"]), .brew(["libedit"])]))
}

// KAIZEN_KERNELS=1 leaves the kernels and their tests: those are soon built with optimisation, too.
if Context.environment["KAIZEN_KERNELS"] != nil {
  let kernels = [
    "CMemory", "Columnar", "Language", "CPseudoTerminal", "TestSupport", "ColumnarTests",
  ]
  targets.removeAll { !kernels.contains($0.name) }
}

let package = Package(
  name: "kaizen",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
