extension JSONValue {
    /// The value after an RFC 7396 merge patch: members of the patch replace or are added,
    /// its nulls remove, and a patch that is no object replaces everything.
    ///
    /// - Complexity: O(n) for n members of the objects that both have.
    public func merging(patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var builder = JSONObjectBuilder(object ?? JSONObject())
        for change in changes.members {
            if change.value.isNull {
                builder.set(change.key, to: nil)
            } else {
                let target = builder[change.key] ?? .null
                builder.set(change.key, to: target.merging(patch: change.value))
            }
        }
        return .object(builder.object)
    }
}
