import EventModel
import EventStorage
import JSON

extension Fold {
    /// The fold of categories without rules: the payloads merged one after the other.
    ///
    /// The state begins as an empty object; each payload is a merge patch (RFC 7396), and one
    /// that is not JSON changes nothing.
    public static let mergeOfPayloads = Fold(
        category: nil,
        fingerprint: "merge of payloads 1",
        rules: "merge of payloads",
        types: []
    ) { MergedPayloads() }
}

/// The merge of a stream's payloads.
private struct MergedPayloads: FoldState {
    private static let options = JSONOptions(
        depthMax: JSONOptions.depthLimit,
        rejectsDuplicateKeys: false
    )
    private var state = JSONValue.object(JSONObject())

    mutating func apply(_ event: borrowing EventView) {
        guard let patch = try? JSONValue(parsing: event.payload.bytes, options: Self.options)
        else { return }
        state = state.merging(patch: patch)
    }

    mutating func load(_ state: [UInt8]) throws {
        self.state = try JSONValue(parsing: state, options: Self.options)
    }

    func encoded() -> [UInt8] { state.bytes() }
}
