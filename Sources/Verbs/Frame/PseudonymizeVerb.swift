import Columnar
import Language
import Notebooks
import Query

/// `pseudonymize columns key=$secret [digits=32]`
struct PseudonymizeVerb: FrameVerb {
  static let declaration = VerbDeclaration(
    "pseudonymize", .change, "Replaces values by pseudonyms that only a secret key gives",
    synopsis: "pseudonymize COLUMNS key=$SECRET [digits=8…64]",
    details: [
      "A pseudonym is the beginning of the value's HMAC-SHA256 in hexadecimal digits: the same value "
        + "under the same key has the same one, so that tables can still be joined, and without the "
        + "key nobody can try out values. Null stays null; a number or date counts as a data file "
        + "writes it.",
      "The key is a secret, of 16 bytes or more: `param key secret=\"VARIABLE\"`. It comes from the "
        + "environment and is never printed, saved or recorded.",
    ],
    options: [
      .init("key", "$SECRET", "a parameter that is a secret"),
      .init("digits", "8…64", "how many hexadecimal digits a pseudonym has; default 32"),
    ],
    examples: [
      Example(
        "param key secret=\"PSEUDONYM_KEY\"", "load \"datasets/titanic.csv\" as titanic",
        "titanic | pseudonymize name key=$key digits=12 | select name, age, survived | head 3"),
      Example(
        "param key secret=\"PSEUDONYM_KEY\"", "load \"datasets/mtcars.csv\" as cars",
        "cars | pseudonymize model key=$key | head 3"),
    ],
    keywords: [
      "anonymize", "anonymise", "hash", "mask", "hmac", "privacy", "gdpr", "secret", "encrypt",
    ],
    synonyms: ["pseudonymise"])

  let call: Call
  let hmac: HMAC
  let digits: Int

  init(_ call: Call) throws {
    self.call = call
    try call.expectItems(1...10_000, "columns, as pseudonymize name key=$key")
    digits = try call.integerOption("digits", in: 8...64) ?? 32
    guard let secret = try call.secretOption("key") else {
      throw call.misuse("`pseudonymize` needs a key, as key=$key")
    }
    let key = Array(try secret.value().utf8)
    guard key.count >= 16 else {
      throw Diagnostic(
        .value, "the secret `\(secret.name)` is too short for a key: anyone could try them all",
        span: call.option("key")?.span, notes: ["16 bytes or more"],
        hints: ["openssl rand -hex 32 makes one"])
    }
    hmac = HMAC(key: key)
  }

  func lower(_ input: LogicalPlan) throws -> LogicalPlan {
    input.pseudonymized(
      try resolveSelection(call.items, schema: input.schema), by: hmac, digits: digits,
      span: call.stage.span, scope: call.scope(input.schema))
  }
}
