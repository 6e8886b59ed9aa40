import Columnar
import Testing

@testable import Modeling

@Suite struct ModelFileTests {
  static func models() throws -> [FittedModel] {
    let penguins = try SmallTable(dataset: "penguins")
    let cars = try SmallTable(dataset: "mtcars")
    let sexes = penguins["sex"]
    let isMale = try Column.bools(
      (0..<sexes.count).map { sexes.isNull($0) ? nil : sexes[$0] == .text("male") })
    var boolean = penguins.formula("sex", ["body_mass_g", "species"])
    boolean.response = isMale
    return [
      try LinearRegression.fit(
        penguins.formula(
          "body_mass_g", ["species", "poly(flipper_length_mm, 2)", "sex", "species:sex"])),
      try LinearRegression.fit(
        cars.formula("mpg", ["wt", "C(cyl)", "C(gear)", "C(cyl):C(gear)"]), standardErrors: .hc1),
      try LinearRegression.fit(cars.formula("mpg", ["C(cyl)"], hasIntercept: false)),
      try LogisticRegression.fit(penguins.formula("sex", ["body_mass_g", "bill_depth_mm"])),
      try LogisticRegression.fit(boolean),
    ]
  }

  @Test func roundTripIsExact() throws {
    for model in try ModelFileTests.models() {
      let bytes = ModelFile.encode(model)
      let read = try ModelFile.decode(bytes)
      #expect(read == model)
      #expect(ModelFile.encode(read) == bytes)
    }
  }

  @Test func headerNamesVersionAndDigest() throws {
    let bytes = ModelFile.encode(try ModelFileTests.models()[0])
    let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    #expect(line.hasPrefix("kaizen-model 1 sha256:"))
    #expect(line.utf8.count == "kaizen-model 1 sha256:".utf8.count + 64)
  }

  /// Every cut and every flipped byte is an error, never a trap and never a model.
  @Test func damageIsFound() throws {
    let bytes = ModelFile.encode(try ModelFileTests.models()[3])
    for length in 0..<bytes.count {
      #expect(throws: DataError.self) { try ModelFile.decode(Array(bytes[..<length])) }
    }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x15
      #expect(throws: DataError.self) { try ModelFile.decode(damaged) }
    }
    #expect(throws: DataError.self) { try ModelFile.decode(bytes + [10]) }
  }

  /// Bodies with a right digest that describe no model.
  @Test func nonsenseUnderARightDigestIsFound() throws {
    let bytes = ModelFile.encode(try ModelFileTests.models()[0])
    let start = try #require(bytes.firstIndex(of: UInt8(ascii: "\n"))) + 1
    let body = Array(bytes[start...])
    func signed(_ body: [UInt8]) -> [UInt8] {
      Array("kaizen-model 1 sha256:\(SHA256.hexDigest(body))\n".utf8) + body
    }
    #expect(try ModelFile.decode(signed(body)) == ModelFileTests.models()[0])
    var refused = 0
    var state: UInt64 = 77
    for _ in 0..<1_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var changed = body
      let place = Int(state >> 33) % body.count
      switch state >> 20 & 3 {
      case 0: changed.removeSubrange(place..<min(place + 1 + Int(state >> 22 & 7), body.count))
      case 1: changed[place] = Array("0123456789-,.:[]{}\"enul".utf8)[Int(state >> 25) % 23]
      case 2: changed.insert(contentsOf: body[place...].prefix(5), at: place)
      default: changed.replaceSubrange(place..<place + 1, with: "99999999999".utf8)
      }
      // A changed digit or letter may describe another model; whatever is read must be usable.
      guard let model = try? ModelFile.decode(signed(changed)) else {
        refused += 1
        continue
      }
      let inputs = try model.design.inputs.map { input in
        try Column.scalars([.null, .null], type: input.type)
      }
      #expect(try model.predict(inputs, rowCount: 2).nullRows == 2)
    }
    #expect(refused > 500)
    for text in [
      "", "\n", "[\n", "{}\n", "null\n", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "1e999\n",
    ] {
      #expect(throws: DataError.self) { try ModelFile.decode(signed(Array(text.utf8))) }
    }
  }

  @Test func otherFilesAndVersionsAreNamed() throws {
    let bytes = ModelFile.encode(try ModelFileTests.models()[0])
    var newer = bytes
    newer[13] = UInt8(ascii: "2")
    #expect { try ModelFile.decode(newer) } throws: { error in
      let error = error as? DataError
      return error?.code == .format && error?.message.contains("version 2") == true
    }
    #expect { try ModelFile.decode(Array("a,b\n1,2\n".utf8)) } throws: {
      ($0 as? DataError)?.code == .format
    }
    #expect(throws: DataError.self) { try ModelFile.decode([]) }
    #expect(throws: DataError.self) { try ModelFile.decode(Array("kaizen-model".utf8)) }
    #expect(throws: DataError.self) {
      try ModelFile.decode(Array("kaizen-model 99999999999999999999 sha256:x\n".utf8))
    }
  }
}
