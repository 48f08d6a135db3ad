import Aggregates
import EventModel
import EventStorage
import JSON
import Testing

/// Eleven years of a catalogue, folded by rules in Swift, against the truth.
@Test("eleven years of a catalogue come out exactly", .enabled(if: RealData.isThere))
func catalogue() throws {
    let data = try RealData("scoop-main")
    let reader = StateReader(store: data.store, folds: Folds([CatalogueItem.fold]))
    try checkTotals(data)
    try checkFinalItems(data, reader)
    try checkSamples(data, reader)
    try checkTimesGoingBack(data)
    for checkpoint in try #require(data.truth["catalogue_checkpoints"]?.array) {
        try check(checkpoint, data)
    }
}

private func checkFinalItems(_ data: RealData, _ reader: StateReader) throws {
    var statuses: [String: Int64] = [:]
    for member in try #require(data.truth["final_states"]?.object).members {
        let json = try #require(try reader.state(of: StreamName(member.key)).json)
        let state = try JSONValue(parsing: json)
        for key in ["status", "version", "events"] { #expect(state[key] == member.value[key]) }
        let manifest = try #require(state["manifest"])
        let digest = manifest.isNull ? nil : sha256(manifest.bytes(sortsKeys: true))
        #expect(digest == member.value["manifest_sha256"]?.string, "\(member.key)")
        statuses[state["status"]?.string ?? "", default: 0] += 1
    }
    for status in ["active", "broken", "removed"] {
        #expect(statuses[status, default: 0] == data.truth["totals"]?[status]?.integer)
    }
}

private func checkTimesGoingBack(_ data: RealData) throws {
    var latest: [StreamName: Timestamp] = [:]
    var goingBack: Set<StreamName> = []
    try data.store.read(EventSelection()) { event in
        let stream = event.streamName
        if let time = latest[stream], event.eventTime < time { goingBack.insert(stream) }
        latest[stream] = max(latest[stream] ?? event.eventTime, event.eventTime)
        return .more
    }
    let truth = data.truth["streams_with_time_going_back"]?.sortedStrings
    #expect(goingBack.map(\.text).sorted() == truth)
}

/// The whole catalogue as of a position.
private func check(_ checkpoint: JSONValue, _ data: RealData) throws {
    let position = Position(try #require(checkpoint["position"]?.number?.unsignedInteger))
    var items: [StreamName: CatalogueItem] = [:]
    try data.store.read(EventSelection(through: position)) { event in
        items[event.streamName, default: CatalogueItem()].apply(event)
        return .more
    }
    let active = items.filter { $0.value.status == "active" }
    let present = items.count { $0.value.status != "removed" }
    #expect(checkpoint["present"]?.integer == Int64(present))
    #expect(checkpoint["active"]?.integer == Int64(active.count))
    #expect(checkpoint["broken"]?.integer == Int64(present - active.count))
    let versions = active.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value.version)\n" }
    #expect(sha256(Array(versions.joined().utf8)) == checkpoint["versions_digest"]?.string)
    var licenses: [String: Int64] = [:]
    for item in active.values {
        switch item.manifest["license"] {
        case .string(let name): licenses[name, default: 0] += 1
        case nil, .null: licenses["null", default: 0] += 1
        default: break
        }
    }
    for pair in try #require(checkpoint["active_by_license_top"]?.array) {
        #expect(licenses[pair[0]?.string ?? ""] == pair[1]?.integer)
    }
}

/// An item of the catalogue: the manifest is changed by sets and unsets of whole members.
private struct CatalogueItem: FoldState {
    static let fold = Fold(category: Category("app"), fingerprint: "item 1") { CatalogueItem() }

    private(set) var status = ""
    private(set) var manifest = JSONValue.null
    private var eventCount = 0

    var version: JSONValue { manifest["version"] ?? .null }

    mutating func apply(_ event: borrowing EventView) {
        eventCount += 1
        guard let data = try? JSONValue(parsing: event.payload.bytes) else { return }
        switch event.eventType.text {
        case "ManifestAdded":
            status = "active"
            manifest = data["manifest"] ?? .null
        case "VersionUpdated", "ManifestChanged", "ManifestRepaired":
            status = "active"
            var object = manifest.object ?? JSONObject()
            for member in data["set"]?.object?.members ?? [] { object[member.key] = member.value }
            for key in data["unset"]?.array ?? [] { object[key.string ?? ""] = nil }
            manifest = .object(object)
        case "ManifestBroken": status = "broken"
        case "ManifestRemoved":
            status = "removed"
            manifest = .null
        default: break
        }
    }

    mutating func load(_ state: [UInt8]) throws {
        let value = try JSONValue(parsing: state)
        status = value["status"]?.string ?? ""
        manifest = value["manifest"] ?? .null
        eventCount = Int(value["events"]?.integer ?? 0)
    }

    func encoded() -> [UInt8] {
        let value: JSONValue = [
            "status": .string(status), "version": version, "manifest": manifest,
            "events": .number(JSONNumber(eventCount)),
        ]
        return value.bytes()
    }
}
