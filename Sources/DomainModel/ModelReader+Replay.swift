import YAML

/// Takes out of a model what a projection does differently in a replay.
extension ModelReader {
    /// Reads what stands under `replay`.
    ///
    /// - Parameters:
    ///   - node: the part of the projection, where there is one.
    ///   - handlers: what runs for new events.
    /// - Returns: what is different; nothing is where nothing stands there.
    mutating func replayHandling(
        _ node: YAMLNode?,
        of handlers: [ProjectionRules.Handler]
    ) -> ReplayHandling {
        let keys = ["on", "begin", "end"]
        guard let node, !node.isNull, let parts = mapping(node, "replay", allowing: keys) else {
            return ReplayHandling()
        }
        return ReplayHandling(
            handlers: replayHandlers(parts["on"], of: handlers),
            begin: elements(parts["begin"], "the statements").compactMap { sql($0) },
            end: elements(parts["end"], "the statements").compactMap { sql($0) }
        )
    }

    private mutating func replayHandlers(
        _ node: YAMLNode?,
        of handlers: [ProjectionRules.Handler]
    ) -> [ProjectionRules.Handler] {
        var replaying: [ProjectionRules.Handler] = []
        for entry in entries(node, "on") {
            guard let types = types(entry.key, seen: replaying.map(\.types)) else { continue }
            if let missing = types.names(outside: handlers.map(\.types)).first {
                add(entry.key, "the type \(missing) is not in the on of the projection")
            }
            replaying.append(
                ProjectionRules.Handler(types: types, statements: statements(entry.value))
            )
        }
        return replaying
    }

    /// The statements for replays of some types; `none` are none.
    private mutating func statements(_ node: YAMLNode) -> [ModelText] {
        if node.string == "none" { return [] }
        guard node.sequence != nil else {
            add(node, "a replay has a list of statements, or none")
            return []
        }
        return elements(node, "the statements").compactMap { sql($0) }
    }
}
