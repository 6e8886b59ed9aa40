import Columnar
import Testing

@testable import Display

@Suite struct FormatsTests {
  @Test func instantsAndLengthsOfTimeAreISO() throws {
    let frame = Frame(
      names: ["at", "took"],
      columns: [
        try .ints([1_709_281_800_000_000], type: .datetime),
        try .ints([93_784_000_000], type: .duration),
      ])
    let output = Output.frame(FrameOutput(frame: frame))
    #expect(output.json().contains(#"{"at": "2024-03-01T08:30:00", "took": "P1DT2H3M4S"}"#))
    #expect(output.text(RenderContext()).contains("2024-03-01 08:30  1d 02:03:04"))
  }

  @Test func reportsGiveTheirFirstTable() {
    let output = Output.report(Samples.model)
    #expect(
      output.delimited() == """
        term,estimate,std_error,t,p,interval_lower,interval_upper,note
        (intercept),-4031.4769305,584.1510322,-6.9014,2.5537e-11,-5180.5072,-2882.4466,
        flipper_length_mm,40.7053969,3.0710234,13.2547,1.4014e-32,34.6646723,46.7461215,
        species Chinstrap,-206.5101359,57.7306359,-3.5771,0.00039697,-320.0668,-92.9535,reference Adelie

        """)
    #expect(output.notes(RenderContext()).contains("R² 0.7826"))
    #expect(!output.notes(RenderContext()).contains("intercept"))
  }

  @Test func plotsGiveTheirNumbers() {
    #expect(
      Output.plot(.histogram(Samples.massBySpecies)).delimited()?
        .hasPrefix("group,lower,upper,count\nspecies = Adelie,2500.0,3000.0,7\n") == true)
    let bars = Bars(
      variable: "species", measure: "n", labels: ["a", "b"], values: [1, nil], caption: [])
    #expect(Output.plot(.bars(bars)).delimited() == "species,n\na,1\nb,\n")
  }

  @Test func messagesAreNoTables() {
    let output = Output.message(Message(subject: "p", text: "bound", kind: "bound"))
    #expect(output.delimited() == nil)
    #expect(output.notes(RenderContext()) == "p  bound\n")
    #expect(output.markdown() == "**p** bound\n")
  }

  @Test func framesAsMarkdown() throws {
    let frame = Frame(
      names: ["name", "x"], columns: [try .texts(["a|b", "*c*"]), try .floats([1.5, nil])])
    #expect(
      Output.frame(FrameOutput(frame: frame, footer: ["2 of 3 rows kept"])).markdown() == """
        | name  |   x |
        | ----- | --: |
        | a\\|b  | 1.5 |
        | \\*c\\* |   · |

        2 of 3 rows kept

        """)
  }

  @Test func reportsAndPlotsAsMarkdown() {
    let text = Output.report(Samples.describe).markdown()
    #expect(
      text.hasPrefix(
        """
        344 rows × 8 columns · 19 nulls in 5 columns · no duplicate rows

        | number         | nulls |    mean |       sd |  min |    25% |  max |          |
        | -------------- | ----: | ------: | -------: | ---: | -----: | ---: | -------- |
        """))
    let plot = Output.plot(.histogram(Samples.mass)).markdown()
    #expect(plot.hasPrefix("```text\n  body_mass_g"))
    #expect(plot.hasSuffix("bin 500\n```\n"))
  }
}
