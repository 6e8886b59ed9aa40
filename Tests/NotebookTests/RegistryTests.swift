import Notebooks
import Query
import TestSupport
import Testing
import Verbs

/// Registry, files and declarations agree.
@Suite struct RegistryTests {
  @Test func verbsAreSortedByName() {
    let names = Registry.catalog.verbs.map { $0.declaration.name }
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
  }

  @Test func functionsAreSortedWithinTheirFamily() {
    for family in Function.Family.allCases {
      let names = Functions.all.filter { $0.family == family }.map(\.name)
      #expect(names == names.sorted(), "\(family)")
    }
  }

  /// Every type of a verb below Sources/Verbs is registered.
  @Test func everyVerbIsRegistered() throws {
    let registered = Set(Registry.catalog.verbs.map { String(describing: $0) })
    var declared: Set<String> = []
    for path in Project.files(in: "Sources/Verbs", withExtension: "swift") {
      let text = try Project.text(path)
      for match in text.matches(
        of: /struct (\w+): (?:FrameVerb|TracedVerb|PartnerVerb|ActionVerb|SourceVerb)\b/)
      {
        declared.insert(String(match.1))
      }
    }
    #expect(!declared.isEmpty)
    #expect(declared == registered)
  }

  /// Another spelling means one verb only, and is no verb of its own.
  @Test func synonymsAreUnambiguous() {
    var owners: [String: String] = [:]
    let names = Set(Registry.catalog.declarations.map(\.name))
    for verb in Registry.catalog.declarations {
      for synonym in verb.synonyms {
        #expect(!names.contains(synonym), "\(synonym) of \(verb.name) is a verb")
        #expect(owners[synonym] == nil, "\(synonym): \(verb.name) and \(owners[synonym] ?? "")")
        owners[synonym] = verb.name
      }
    }
  }

  /// The synopsis names what the declaration takes.
  @Test func synopsesNameOptionsAndClauses() {
    for verb in Registry.catalog.declarations {
      #expect(verb.synopsis.contains(verb.name), "\(verb.name)")
      for option in verb.options where verb.name != "set" {
        #expect(verb.synopsis.contains(option.name + "="), "\(verb.name): \(option.name)")
      }
      for (clause, word) in [
        (VerbDeclaration.Clauses.by, " by "), (.where, " where "), (.on, " on "), (.as, " as "),
        (.sort, " sort "),
      ] where verb.clauses.contains(clause) {
        #expect(
          verb.synopsis.contains(word) || verb.synopsis.contains("[\(word.dropFirst())"),
          "\(verb.name): \(word)")
      }
    }
  }
}
