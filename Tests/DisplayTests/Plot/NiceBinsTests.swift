import Testing

@testable import Display

@Suite struct NiceBinsTests {
  private func bins(
    _ values: [Double], isInteger: Bool = false, kind: AxisKind = .number, count: Int? = nil
  ) -> NiceBins {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Int(share * Double(sorted.count - 1))]
    }
    return NiceBins(
      .init(
        count: sorted.count, min: sorted.first ?? 0, max: sorted.last ?? 0, q25: quantile(0.25),
        q75: quantile(0.75), q01: quantile(0.01), q99: quantile(0.99), isInteger: isInteger,
        kind: kind), count: count)
  }

  @Test func penguins() {
    let result = NiceBins(
      .init(count: 342, min: 2700, max: 6300, q25: 3550, q75: 4750, isInteger: true))
    #expect(result.edges == Samples.massEdges)
    #expect(result.labels == Samples.massLabels)
    #expect(result.width == "500")
    #expect(result.notes.isEmpty)
  }

  @Test func fewWholeNumbersGetABinEach() {
    let result = bins([2007, 2008, 2009, 2009], isInteger: true)
    #expect(result.labels == ["2007", "2008", "2009"])
    #expect(result.edges == [2007, 2008, 2009, 2010])
    #expect(result.width == nil)
  }

  @Test func oneValueAndNone() {
    #expect(bins([3750, 3750], isInteger: true).labels == ["3750"])
    let float = bins([0.1, 0.1])
    #expect(float.labels == ["0.1"])
    #expect(float.index(of: 0.1) == 0)
    #expect(bins([]).edges.isEmpty)
    #expect(bins([]).labels.isEmpty)
    #expect(bins([]).index(of: 1) == nil)
  }

  @Test func edgesAreTheFloatsTheirLabelsReadAs() {
    let result = bins((0...100).map { Double($0) / 100 })
    #expect(result.edges.contains(0.3))
    #expect(result.edges.contains(0.7))
    #expect(result.labels.first == "[0.0, 0.1)")
  }

  @Test func aGreatestValueOnAnEdgeHasABinOfItsOwn() {
    let result = bins((0...100).map { Double($0) }, isInteger: true)
    #expect(result.labels.last == "[100, 110)")
    #expect(result.index(of: 100) == 10)
    #expect(result.index(of: 110) == nil)
    #expect(result.index(of: -1) == nil)
  }

  @Test func farOutliersGoIntoAnOpenBin() {
    let result = bins((0..<1000).map { Double($0 % 100) / 10 } + [1e9])
    #expect(result.edges.last == .infinity)
    #expect(result.labels.last == "≥ 12")
    #expect(result.notes == ["max 1000000000"])
    #expect(result.edges.count < 30)
    #expect(result.index(of: 1e9) == result.labels.count - 1)
    let below = bins((0..<1000).map { Double($0 % 100) / 10 } + [-1e9])
    #expect(below.edges.first == -.infinity)
    #expect(below.labels.first == "< -2")
  }

  @Test func wholeNumbersWithATailAreStillShownOneByOne() {
    let result = bins((0..<1000).map { Double($0 % 15) } + [5000], isInteger: true)
    #expect(result.labels.first == "0")
    #expect(result.labels.last?.hasPrefix("≥ ") == true)
    #expect(result.width == nil)
  }

  @Test func mostlyOneValueStillShowsTheOthers() {
    let result = bins([Double](repeating: 0, count: 900) + (0..<100).map { Double($0) } + [1e7])
    #expect(result.edges.count > 8)
    #expect(result.labels.last?.hasPrefix("≥") == true)
  }

  @Test func askedForCountsAreMetNearly() {
    let values = (0..<1000).map { Double($0) / 7 }
    for count in [5, 10, 40, 100] {
      let found = bins(values, count: count).labels.count
      #expect(Double(found) > Double(count) * 0.6 && Double(found) < Double(count) * 1.7)
    }
    #expect(bins(values, count: 0).labels.count <= 3)
    #expect(bins(values, count: .max).labels.count <= 2000)
  }

  @Test func datesStandOnTheCalendar() {
    // From 2022-01-08 on.
    let days = (0..<500).map { 19000 + Double($0) }
    let months = bins(Array(days), kind: .date)
    #expect(months.width == "1 month" || months.width == "1 quarter")
    #expect(months.labels.first == "2022-01" || months.labels.first == "2022 Q1")
    let weeks = bins(days.prefix(90).map { $0 }, kind: .date)
    #expect(weeks.width == "1 week")
    #expect(weeks.labels.first == "2022-01-03")
    #expect(bins(days.prefix(12).map { $0 }, kind: .date).width == "1 day")
    let years = bins((0..<500).map { Double($0) * 40 }, kind: .date)
    #expect(years.labels.first == "1970–1974")
    let hours = bins((0..<500).map { Double($0) * 60e6 }, kind: .datetime)
    #expect(hours.width == "1 h" || hours.width == "30 min")
    #expect(hours.labels.first == "1970-01-01 00:00")
    let spans = bins((0..<500).map { Double($0) * 60e6 }, kind: .duration)
    #expect(spans.labels.first?.hasPrefix("[00:00:00, ") == true)
  }

  @Test func everyValueHasItsBinAndEdgesAscend() {
    var generator = SeededGenerator(seed: 5)
    for round in 0..<600 {
      let count = Int.random(in: 1...60, using: &generator)
      let isInteger = round % 3 == 0
      let scale = isInteger ? 1e6 : generator.anyFloat().magnitude
      var values = (0..<count).map { _ in Double.random(in: -1...1, using: &generator) * scale }
      if round % 5 == 0 { values.append(scale * 1e5) }
      values = values.filter(\.isFinite).map { isInteger ? $0.rounded() : $0 }
      guard !values.isEmpty else { continue }
      let result = bins(values, isInteger: isInteger, count: round % 7 == 0 ? 30 : nil)
      #expect(result.labels.count + 1 == result.edges.count)
      #expect(zip(result.edges, result.edges.dropFirst()).allSatisfy { $0 < $1 }, "\(values)")
      #expect(result.labels.count <= 60, "\(values)")
      for value in values {
        let bin = result.index(of: value)
        #expect(bin.map { result.edges[$0] <= value && value < result.edges[$0 + 1] } == true)
      }
      if isInteger {
        #expect(result.edges.filter(\.isFinite).allSatisfy { $0 == $0.rounded() })
      }
    }
  }

  @Test func everyInstantHasItsBin() {
    var generator = SeededGenerator(seed: 6)
    for kind in [AxisKind.date, .datetime, .duration] {
      for _ in 0..<300 {
        let scale = kind == .date ? 1e5 : Double.random(in: 1...1e17, using: &generator)
        let center = Double.random(in: -1...1, using: &generator) * scale
        let spread = Double.random(in: 0...1, using: &generator) * scale
        let values = (0..<40).map { _ in
          (center + Double.random(in: -1...1, using: &generator) * spread).rounded()
        }
        let result = bins(values, kind: kind)
        #expect(zip(result.edges, result.edges.dropFirst()).allSatisfy { $0 < $1 })
        #expect(values.allSatisfy { result.index(of: $0) != nil }, "\(kind) \(values)")
        #expect(result.labels.count <= 60)
      }
    }
  }

  @Test func ticksAreRoundAndInside() {
    let ticks = Ticks(172...231, kind: .number, about: 6)
    #expect(ticks.labels == ["180", "190", "200", "210", "220", "230"])
    #expect(
      Ticks(0...1, kind: .number, about: 5).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks(19000...19399, kind: .date, about: 4).labels.first == "2022 Q2")
    #expect(Ticks(5...5, kind: .number, about: 4).labels == ["5"])
  }
}
