import Display
import Language
import Notebooks

/// How a pipeline is to be run, which no notebook says: for which orchestrators, when, how often a
/// step is tried again, and how long it may take.
package struct PromotionOptions: Sendable, Equatable {
  /// Names of targets, in the order of the registry.
  package var targets: [String] = []
  package var schedule: Schedule?
  /// For all steps.
  package var retries = 0
  /// Seconds, for all steps.
  package var timeout: Double?
  /// The image for steps that run in containers; nil for the one that the docker target makes.
  package var image: String?

  package init() {}

  /// Takes options as typed. Throws `usage`.
  package init(
    targets: [String], schedule: String?, retries: Int?, timeout: String?, image: String?
  ) throws {
    self.targets = try Targets.named(targets.filter { $0 != Targets.native }).map { $0.name }
    self.schedule = try schedule.map { try Schedule(parsing: $0) }
    if let retries {
      guard (0...100).contains(retries) else {
        throw Diagnostic(.usage, "`retries` takes a whole number from 0 to 100")
      }
      self.retries = retries
    }
    if let timeout {
      guard let seconds = Seconds.parse(timeout) else {
        throw Diagnostic(.usage, "`timeout` takes a time, as 30s, 10min or 2h")
      }
      self.timeout = seconds
    }
    if let image {
      // What registries take; so it means nothing to a shell or a template.
      let isName =
        !image.isEmpty && image.utf8.count <= 300
        && image.allSatisfy {
          $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:@".contains($0))
        } && image.first.map { $0.isLetter || $0.isNumber } == true
      guard isName else {
        throw Diagnostic(
          .usage, "`image` takes the name of an image",
          hints: ["image=\"registry.example/kaizen@sha256:…\""])
      }
      guard image.contains("@sha256:") || Self.tag(image).map({ $0 != "latest" }) ?? false else {
        throw Diagnostic(
          .usage, "the image \"\(image)\" is another one tomorrow",
          notes: ["give it a version, or better its digest"], hints: ["\(image)@sha256:…"])
      }
      self.image = image
    }
  }

  /// What stands behind the last colon, if that is no port.
  private static func tag(_ image: String) -> String? {
    guard let last = image.split(separator: "/").last, let colon = last.lastIndex(of: ":") else {
      return nil
    }
    return String(last[last.index(after: colon)...])
  }

  var json: JSONValue {
    var facts = [Fact("targets", .array(targets.map { .string($0) }))]
    if let schedule { facts.append(Fact("schedule", .string(schedule.text))) }
    if retries > 0 { facts.append(Fact("retries", .int(Int64(retries)))) }
    if let timeout { facts.append(Fact("timeout", .string(Seconds.text(timeout)))) }
    if let image { facts.append(Fact("image", .string(image))) }
    return .object(facts)
  }

  /// Reads what a lock says. Throws `usage` for targets that this program does not know.
  init(_ json: JSONValue) throws {
    func text(_ key: String) -> String? {
      if case .string(let text)? = json[key] { return text }
      return nil
    }
    var targets: [String] = []
    if case .array(let names)? = json["targets"] {
      targets = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }
    var retries: Int?
    if case .int(let count)? = json["retries"] { retries = Int(clamping: count) }
    try self.init(
      targets: targets, schedule: text("schedule"), retries: retries, timeout: text("timeout"),
      image: text("image"))
  }
}
