import Aggregates
import DomainModel
import Testing

private func model(_ snapshot: String) throws(ModelError) -> DomainModel {
    try DomainModel(
        parsing: "recount: 1\naggregates: { a: { on: { A: \":state\" }, snapshot: \(snapshot) } }",
        file: "m.yaml"
    )
}

@Test func `a model says after how many events and after how long a snapshot is taken`() throws {
    let texts: [(String, Int?, Duration?)] = [
        ("{ every: 50 }", 50, nil),
        ("{ after: 5ms }", nil, .milliseconds(5)),
        ("{ every: 7, after: 2s }", 7, .seconds(2)),
        ("{ every: 1, after: 1000000ms }", 1, .seconds(1000)),
    ]
    for (text, every, after) in texts {
        let fold = try #require(try model(text).folds.first)
        #expect(fold.snapshotEvery == every && fold.snapshotAfter == after, "\(text)")
    }
}

@Test(arguments: [
    "{}", "{ every: 0 }", "{ every: x, after: 5ms }", "{ after: 5 }", "{ after: 0ms }",
    "{ after: -1s }", "{ after: 5h }", "{ after: 99999999999999999999s }", "{ after: ms }",
])
func `a trigger that is none is told of`(text: String) {
    #expect(throws: ModelError.self) { try model(text) }
}

@Test func `when a snapshot is taken does not change what it is worth`() throws {
    let fingerprints = try Set(
        ["{ every: 50 }", "{ after: 5ms }"].map { text in
            try #require(try model(text).folds.first).fingerprint
        }
    )
    #expect(fingerprints.count == 1)
}
