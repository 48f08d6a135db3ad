import Aggregates
import DomainModel
import EventModel
import JSON
import SQLiteDatabase
import Testing

/// Three months of flights from New York, folded and projected by a model, against the truth.
@Test("three months of flights come out exactly", .enabled(if: RealData.isThere))
func flights() throws {
    let data = try RealData("nycflights-2013q1")
    let model = try RealData.model("nycflights")
    try checkTotals(data)
    let states = try checkFinalStates(
        data,
        StateReader(store: data.store, folds: Folds(model.folds))
    )
    #expect(states.count == 3582)

    let readModels = try RealReadModels(data, model)
    try checkReadModels(readModels, data)
    try checkQueries(data, readModels, states)
    try readModels.operate(12, seed: 1)
    try checkReadModels(readModels, data)
    try checkQueries(data, readModels, states)
}

private func checkReadModels(_ readModels: RealReadModels, _ data: RealData) throws {
    #expect(
        try readModels.counts(
            "departures-by-carrier",
            "SELECT carrier, departures FROM carriers"
        ) == data.truth["departures_by_carrier"]
    )
    #expect(
        try readModels.counts(
            "cancellations-by-origin",
            "SELECT origin, cancellations FROM origins"
        ) == data.truth["cancellations_by_origin"]
    )
    for column in ["arrivals", "arrDelayMinSum", "arrDelayKnown"] {
        let counts = try readModels.counts("routes", "SELECT route, \(column) FROM routes")
        let truth = try #require(data.truth["arrivals_by_route"]?.object)
        #expect(counts.object?.count == truth.count)
        for route in truth.members { #expect(counts[route.key] == route.value[column]) }
    }
}

private func checkQueries(
    _ data: RealData,
    _ readModels: RealReadModels,
    _ states: [(stream: String, state: JSONValue)]
) throws {
    let queries = try #require(data.truth["queries"]?.array)
    #expect(try readModels.findings("late") == queries[0]["flights"]?.sortedStrings)
    for (question, query) in zip(["late", "no aircraft", "far"], queries) {
        #expect(try readModels.findings(question).count == query["count"]?.integer ?? -1)
    }
    let totals = try #require(data.truth["totals"])
    let withoutAirTime = try readModels.findings("no air time").count
    #expect(withoutAirTime == totals["arrivals_without_airTime"]?.integer ?? -1)
    let missing = states.reduce(0) { sum, entry in
        sum + (entry.state["departures"]?.integer ?? 0) - (entry.state["arrivals"]?.integer ?? 0)
    }
    #expect(missing == totals["departed_never_arrived"]?.integer)
}
