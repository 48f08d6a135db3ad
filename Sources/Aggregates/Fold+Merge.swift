import EventModel
import EventStorage
import JSON

extension Fold {
    /// The fold of categories without rules: the payloads merged one after the other.
    ///
    /// The state begins as an empty object; each payload is a merge patch (RFC 7396). One of
    /// another media type that is not JSON, and an empty one, changes nothing; one that is said to
    /// be JSON and is not, or that has a key twice, is refused.
    public static let mergeOfPayloads = Fold(
        category: nil,
        fingerprint: "merge of payloads 2",
        rules: "merge of payloads",
        types: []
    ) { MergedPayloads() }
}

/// The merge of a stream's payloads.
private struct MergedPayloads: FoldState {
    private static let options = JSONOptions(depthMax: JSONOptions.depthLimit)
    private var state = JSONValue.object(JSONObject())

    mutating func apply(_ event: borrowing EventView) throws {
        if event.payload.isEmpty { return }
        do throws(JSONError) {
            let patch = try JSONValue(parsing: event.payload.bytes, options: Self.options)
            state = state.merging(patch: patch)
        } catch {
            guard event.isDeclaredJSON else { return }
            throw UnreadableJSON(.payload, reason: error.description)
        }
    }

    mutating func load(_ state: [UInt8]) throws {
        self.state = try JSONValue(parsing: state, options: Self.options)
    }

    func encoded() -> [UInt8] { state.bytes() }
}
