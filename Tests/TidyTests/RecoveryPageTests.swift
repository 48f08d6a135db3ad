import EventLog
import Testing

/// Holds the guide to recovery against the findings that there are.
@Suite struct RecoveryPageTests {
    /// The kinds that are no findings about the log's files, but about the store in use.
    private static let others: Set<String> = [
        "readOnly", "storeUnopened", "upkeepFailed", "groupUnreadable",
    ]

    @Test func `every kind of finding is explained under its severity`() throws {
        let page = try #require(try Page.named("Recovery"))
        let grave = page.table(after: "Events are lost or in danger")
        let mild = page.table(after: "Nothing is lost")
        let explained =
            grave.map { (name(in: $0[0]), "critical") } + mild.map { (name(in: $0[0]), $0[1]) }
        var severities = Dictionary(explained) { first, _ in first }
        #expect(severities.count == explained.count)
        for other in RecoveryPageTests.others {
            #expect(severities.removeValue(forKey: other) != nil, "\(other)")
        }
        let kinds = LogFinding.Kind.allCases.map { ($0.rawValue, "\($0.severity)") }
        #expect(severities == Dictionary(uniqueKeysWithValues: kinds))
        #expect(LogFinding.Kind.allCases.allSatisfy { !$0.remedy.isEmpty })
    }

    private func name(in cell: String) -> String { cell.split(separator: "`").joined() }
}
