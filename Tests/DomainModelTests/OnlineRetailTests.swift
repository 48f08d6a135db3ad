import Aggregates
import CCrypto
import DomainModel
import EventModel
import EventStorage
import JSON
import SQLiteDatabase
import Testing

/// A year of a web shop, folded and projected by a model, against the truth.
@Test("a year of a web shop comes out exactly", .enabled(if: RealData.isThere))
func onlineRetail() throws {
    let data = try RealData("online-retail")
    let model = try RealData.model("online-retail")
    let folds = Folds(model.folds)
    let snapshots = InMemorySnapshotStore()
    let reader = StateReader(store: data.store, snapshots: snapshots, folds: folds)
    try checkTotals(data)
    let states = try checkFinalStates(data, reader)
    #expect(states.count == 5672)
    try checkSamples(data, reader)

    let clock = Timestamp.epoch
    let snapshotter = Snapshotter(
        store: data.store,
        snapshots: snapshots,
        folds: folds,
        now: { clock }
    )
    for fold in folds.all {
        let category = try #require(fold.category)
        #expect(try snapshotter.takeStale(of: category).failedCount == 0)
    }
    try checkSamples(data, reader)
    #expect(try snapshotter.wrongSnapshots(of: StreamName("guest-united-kingdom")) == [])
    let plain = StateReader(store: data.store, folds: folds)
    for spoil in snapshotDamages {
        for sample in try #require(data.truth["samples"]?.array) {
            let stream = StreamName(try #require(sample["stream"]?.string))
            let fingerprint = folds[stream.category].fingerprint
            for snapshot in try sampledSnapshots(sample, of: stream, data, plain, fingerprint) {
                try snapshots.remove(of: stream, at: snapshot.sequence)
                if let spoiled = spoil(snapshot) { snapshots.save(spoiled) }
            }
        }
        try checkSamples(data, reader)
    }

    let readModels = try RealReadModels(data, model)
    try checkCountries(data, readModels)
    try checkSkus(data, readModels)
    try checkQueries(data, readModels)
    try checkRankings(data, states)
}

/// What may become of saved states: nothing, damage, an older shape, another log; every other one
/// is deleted.
private let snapshotDamages: [@Sendable (Snapshot) -> Snapshot?] = [
    { $0 },
    { snapshot in changed(snapshot) { $0.state = Array($0.state.dropLast()) } },
    { snapshot in changed(snapshot) { $0.fingerprint += " before" } },
    { snapshot in changed(snapshot) { $0.eventID = EventID(high: 1, low: 1) } },
    { $0.sequence.number % 2 == 0 ? $0 : nil },
]

/// What would have been saved of a stream at the sampled versions and half way to them.
private func sampledSnapshots(
    _ sample: JSONValue,
    of stream: StreamName,
    _ data: RealData,
    _ reader: StateReader,
    _ fingerprint: String
) throws -> [Snapshot] {
    let versions = (sample["at_version"]?.array ?? []).compactMap {
        $0["version"]?.number?.unsignedInteger
    }
    return try Set(versions + versions.map { ($0 + 1) / 2 }).map { version in
        let sequence = Sequence(version - 1)
        let state = try reader.state(of: stream, at: .sequence(sequence))
        let last = try #require(state.last)
        let selection = EventSelection(.stream(stream), throughSequence: sequence)
        return Snapshot(
            stream: stream,
            sequence: sequence,
            position: last.position,
            eventID: last.id,
            latestTime: try #require(data.store.events(selection).map(\.eventTime).max()),
            fingerprint: fingerprint,
            takenTime: .epoch,
            state: try #require(state.json)
        )
    }
}

/// A snapshot that readers must not use: its state would be seen in every result.
private func changed(_ snapshot: Snapshot, _ change: (inout Snapshot) -> Void) -> Snapshot {
    var changed = snapshot
    changed.state = Array("{}".utf8)
    change(&changed)
    return changed
}

/// The head, the streams, and the counts by type.
func checkTotals(_ data: RealData) throws {
    #expect(data.truth["totals"]?["events"]?.integer == Int64(data.store.head().number))
    #expect(data.truth["totals"]?["streams"]?.integer == Int64(data.store.streamCount()))
    var counts = JSONObject()
    for census in data.store.census() {
        counts[census.type.text] = .number(JSONNumber(census.count))
    }
    if let truth = data.truth["count_by_type"] { #expect(truth == .object(counts)) }
}

/// Every final state; gives them back by stream.
func checkFinalStates(
    _ data: RealData,
    _ reader: StateReader
) throws -> [(stream: String, state: JSONValue)] {
    let truth = try #require(data.truth["final_states"]?.object)
    return try truth.members.map { member in
        let state = try reader.state(of: StreamName(member.key))
        let value = try JSONValue(parsing: try #require(state.json))
        #expect(value == member.value, "\(member.key)")
        return (member.key, value)
    }
}

/// Every sampled state at a sequence and a time.
func checkSamples(
    _ data: RealData,
    _ reader: StateReader,
    _ translate: (JSONValue) throws -> JSONValue = { $0 }
) throws {
    for sample in try #require(data.truth["samples"]?.array) {
        let stream = StreamName(try #require(sample["stream"]?.string))
        let timeline = try StateTimeline(of: stream, in: reader)
        for point in sample["at_version"]?.array ?? [] {
            let version = try #require(point["version"]?.number?.unsignedInteger)
            let sequence = Sequence(version - 1)
            let expected = try translate(try #require(point["state"]))
            for state in [
                try reader.state(of: stream, at: .sequence(sequence)),
                try timeline.state(at: sequence),
            ] {
                #expect(try JSONValue(parsing: #require(state.json)) == expected)
                #expect(state.last?.sequence == sequence)
            }
        }
        for point in sample["at_time"]?.array ?? [] {
            let time = try #require(point["time"]?.string.flatMap { Timestamp($0) })
            let state = try reader.state(of: stream, at: .time(time))
            let value = try state.json.map { try JSONValue(parsing: $0) } ?? .null
            #expect(try value == translate(try #require(point["state"])), "\(stream) at \(time)")
        }
    }
}

private func checkCountries(_ data: RealData, _ readModels: RealReadModels) throws {
    let group = "sales-by-country"
    #expect(
        try readModels.counts(group, "SELECT country, netMills FROM sales")
            == data.truth["net_mills_by_country"]
    )
    #expect(
        try readModels.counts(
            group,
            "SELECT country || '|' || month, netMills FROM salesByMonth"
        ) == data.truth["net_mills_by_country_and_utc_month"]
    )
    #expect(
        try readModels.rows(group, "SELECT sum(netMills) FROM sales")
            == [[.integer(try #require(data.truth["totals"]?["netMills"]?.integer))]]
    )
    #expect(
        try readModels.counts("volume", "SELECT type || '|' || month, events FROM months")
            == data.truth["count_by_type_and_utc_month"]
    )
    #expect(
        try readModels.counts("volume", "SELECT day, events FROM days")
            == data.truth["count_by_utc_day"]
    )
}

private func checkSkus(_ data: RealData, _ readModels: RealReadModels) throws {
    let truth = try #require(data.truth["sku_sales_from_lines"])
    let group = "sales-by-sku"
    let columns = "SELECT sku, units, mills, lines FROM skus"
    let top = try readModels.rows(group, "\(columns) ORDER BY mills DESC LIMIT 30")
    for (row, expected) in zip(top, try #require(truth["top_30_by_mills"]?.array)) {
        #expect(row[0] == .text(expected[0]?.string ?? ""))
        for column in 1..<4 { #expect(row[column] == .integer(expected[column]?.integer ?? 0)) }
    }
    let lines = try readModels.rows(
        group,
        "SELECT format('%s\t%d\t%d\t%d\n', sku, units, mills, lines) FROM skus ORDER BY sku"
    )
    #expect(Int64(lines.count) == truth["skus"]?.integer)
    let text = lines.reduce(into: "") { text, row in
        if case .text(let line) = row[0] { text += line }
    }
    let digest = "digest_sha256_of_lines_sku_tab_units_tab_mills_tab_lines_sorted_by_codepoint"
    #expect(sha256(Array(text.utf8)) == truth[digest]?.string)
}

private func checkQueries(_ data: RealData, _ readModels: RealReadModels) throws {
    let queries = try #require(data.truth["queries"]?.array)
    let questions = [
        "cancelled in Germany", "above 5000", "for nothing", "guest in November", "long",
        "no reason",
    ]
    for (question, query) in zip(questions, queries) {
        let names = try readModels.findings(question)
        if let count = query["count"]?.integer { #expect(names.count == count, "\(question)") }
        if let truth = query["ids"] { #expect(names == truth.sortedStrings, "\(question)") }
    }
    let several = try readModels.rows(
        "findings",
        "SELECT stream FROM countries GROUP BY stream HAVING count(*) > 1 ORDER BY stream"
    )
    #expect(several == queries[6]["streams"]?.sortedStrings.map { [.text($0)] })
}

private func checkRankings(
    _ data: RealData,
    _ states: [(stream: String, state: JSONValue)]
) throws {
    let nets = states.filter { !$0.stream.hasPrefix("stock-") }.map { entry in
        (stream: entry.stream, net: entry.state["netMills"]?.integer ?? 0)
    }
    let customers = nets.filter { $0.stream.hasPrefix("customer-") }
    let negative = customers.filter { $0.net < 0 }.map(\.stream).sorted()
    let zero = customers.filter { $0.net == 0 }.map(\.stream).sorted()
    #expect(negative == data.truth["customers_with_negative_net"]?.sortedStrings)
    #expect(zero == data.truth["customers_with_zero_net"]?.sortedStrings)
    let top = customers.sorted { $0.net > $1.net }.prefix(20)
    for (entry, expected) in zip(
        top,
        try #require(data.truth["top_20_streams_by_net_mills"]?.array)
    ) {
        #expect(entry.stream == expected[0]?.string)
        #expect(entry.net == expected[1]?.integer)
    }
    let sums = ["invoicedMills", "cancelledMills", "netMills"].map { field in
        states.reduce(0) { $0 + ($1.state[field]?.integer ?? 0) }
    }
    let totals = try #require(data.truth["totals"])
    #expect(sums[0] == totals["invoicedMills"]?.integer)
    #expect(sums[1] == totals["cancelledMills"]?.integer)
    #expect(sums[2] == totals["netMills"]?.integer)
}

/// The SHA-256 of bytes in hexadecimal digits.
func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
