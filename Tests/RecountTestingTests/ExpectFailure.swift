import RecountTesting
import Testing

/// Expects that steps of a scenario fail with a text, which is that of the failure behind the
/// place in the test.
func expectFailure(
    _ text: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ steps: () throws -> Void
) {
    let failure = #expect(
        throws: ScenarioFailure.self,
        sourceLocation: sourceLocation,
        performing: steps
    )
    let shown = failure?.description.drop { $0 != " " }.dropFirst()
    #expect(shown.map(String.init) == text, sourceLocation: sourceLocation)
}
