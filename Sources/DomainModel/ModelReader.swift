import EventModel
import JSON
import Processing
import YAML

/// Takes the parts of a model out of its YAML, and collects what is wrong on the way.
struct ModelReader {
    let file: String
    private let lines: [Substring]
    private(set) var problems: [ModelProblem] = []
    private var known: Set<ModelProblem> = []

    private(set) var aggregates: [AggregateRules] = []
    private(set) var projections: [ProjectionRules] = []
    var upcasters: [UpcasterRules] = []
    private(set) var objectives = Objectives()

    init(file: String, text: String) {
        self.file = file
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    mutating func read(_ root: YAMLNode) {
        let keys = ["recount", "aggregates", "projections", "upcasters", "objectives"]
        guard let sections = mapping(root, "a model", allowing: keys) else { return }
        guard let form = sections["recount"] else {
            return add(root, "the key recount with the number of the form is missing: recount: 1")
        }
        guard form.integer == 1 else {
            return add(form, "this program reads models of the form 1")
        }
        for entry in entries(sections["aggregates"], "aggregates") { readAggregate(entry) }
        for entry in entries(sections["projections"], "projections") { readProjection(entry) }
        for node in elements(sections["upcasters"], "upcasters") { readUpcaster(node) }
        if let node = sections["objectives"], !node.isNull { readObjectives(node) }
    }

    /// Notes a problem, once where aliases lead to its place several times.
    mutating func add(_ problem: ModelProblem) {
        if known.insert(problem).inserted { problems.append(problem) }
    }

    mutating func add(_ node: YAMLNode, _ reason: String) {
        add(ModelProblem(line: node.line, column: node.column, reason: reason))
    }
}

// MARK: - Sections

extension ModelReader {
    private mutating func readAggregate(_ entry: YAMLNode.Entry) {
        let category = entry.name
        if category.isEmpty || category.contains("-") || category.hasPrefix("$") {
            add(entry.key, "a category is not empty, has no - and does not start with $")
        }
        let keys = ["initial", "on", "snapshot"]
        guard let parts = mapping(entry.value, "an aggregate", allowing: keys) else { return }
        var rules: [AggregateRules.Rule] = []
        for rule in entries(parts["on"], "on", orMissingAt: entry.value) {
            guard let types = types(rule.key, seen: rules.map(\.types)),
                let expression = sql(rule.value)
            else { continue }
            rules.append(AggregateRules.Rule(types: types, expression: expression))
        }
        let snapshot = snapshotRules(parts["snapshot"])
        aggregates.append(
            AggregateRules(
                category: Category(category),
                snapshotEvery: snapshot.every,
                snapshotAfter: snapshot.after,
                initial: initialState(parts["initial"]),
                rules: rules
            )
        )
    }

    private mutating func snapshotRules(_ node: YAMLNode?) -> (every: Int?, after: Duration?) {
        guard let node, !node.isNull,
            let parts = mapping(node, "snapshot", allowing: ["every", "after"])
        else { return (nil, nil) }
        let every = parts["every"]?.integer
            .flatMap { (1...1_000_000_000).contains($0) ? Int($0) : nil }
        if every == nil, parts["every"] != nil || parts["after"] == nil {
            add(node, "a snapshot is taken every so many events, as in { every: 50 }")
        }
        let after = parts["after"]?.string.flatMap { Duration(modelText: $0) }
        if after == nil, let node = parts["after"] {
            add(node, "a time to load is a number with ms or s, as in { after: 5ms }")
        }
        return (every, after)
    }

    private mutating func initialState(_ node: YAMLNode?) -> [UInt8] {
        guard let node, !node.isNull else { return JSONValue.object(JSONObject()).bytes() }
        if node.mapping == nil { add(node, "the initial state is a mapping") }
        return JSONValue(node).bytes()
    }

    private mutating func readProjection(_ entry: YAMLNode.Entry) {
        if entry.name.isEmpty { add(entry.key, "a projection has a name") }
        let keys = ["tables", "on", "replay", "idempotent", "sequence"]
        guard let parts = mapping(entry.value, "a projection", allowing: keys) else { return }
        let tables = elements(parts["tables"], "tables", orMissingAt: entry.value)
            .compactMap { sql($0) }
        var handlers: [ProjectionRules.Handler] = []
        for handler in entries(parts["on"], "on", orMissingAt: entry.value) {
            guard let types = types(handler.key, seen: handlers.map(\.types)) else { continue }
            let statements = elements(handler.value, "the statements").compactMap { sql($0) }
            handlers.append(ProjectionRules.Handler(types: types, statements: statements))
        }
        var isIdempotent = false
        if let node = parts["idempotent"] {
            if let value = node.boolean {
                isIdempotent = value
            } else {
                add(node, "idempotent is true or false")
            }
        }
        projections.append(
            ProjectionRules(
                name: entry.name,
                isIdempotent: isIdempotent,
                sequencing: sequencing(parts["sequence"]),
                tables: tables,
                handlers: handlers,
                replay: replayHandling(parts["replay"], of: handlers),
                line: entry.key.line,
                column: entry.key.column
            )
        )
    }

    /// Which events are handled one after the other, as a model says.
    private mutating func sequencing(_ node: YAMLNode?) -> SequencingPolicy {
        guard let node else { return .perStream }
        if let policy = node.string.flatMap(SequencingPolicy.init) { return policy }
        add(node, "a sequence is stream, all, none, tag:NAME or metadata:NAME")
        return .perStream
    }

    private mutating func readObjectives(_ node: YAMLNode) {
        let keys = ["rpo", "rto", "drill", "lag"]
        guard let parts = mapping(node, "objectives", allowing: keys) else { return }
        objectives.rpoSeconds = seconds(parts["rpo"])
        objectives.rtoSeconds = seconds(parts["rto"])
        objectives.drillSeconds = seconds(parts["drill"])
        guard let node = parts["lag"], !node.isNull,
            let lag = mapping(node, "lag", allowing: ["warning", "critical"])
        else { return }
        objectives.lagWarning = count(lag["warning"])
        objectives.lagCritical = count(lag["critical"])
        if let warning = objectives.lagWarning, let critical = objectives.lagCritical,
            warning > critical
        {
            add(node, "the warning comes before the critical lag")
        }
    }

    private mutating func seconds(_ node: YAMLNode?) -> Int? {
        guard let node else { return nil }
        let seconds = node.string.flatMap(Objectives.seconds)
        if seconds == nil { add(node, "a duration is a number with s, m, h or d, as in 15m") }
        return seconds
    }

    private mutating func count(_ node: YAMLNode?) -> UInt64? {
        guard let node else { return nil }
        let count = node.integer.flatMap { UInt64(exactly: $0) }
        if count == nil { add(node, "a number of events is expected") }
        return count
    }
}

// MARK: - Nodes

extension ModelReader {
    /// The values of a mapping by key, for one that allows only some keys.
    mutating func mapping(
        _ node: YAMLNode,
        _ name: String,
        allowing keys: [String]
    ) -> [String: YAMLNode]? {
        guard let entries = node.mapping else {
            add(node, "\(name) is a mapping with \(keys.joined(separator: ", "))")
            return nil
        }
        var values: [String: YAMLNode] = [:]
        for entry in entries {
            if keys.contains(entry.name) {
                values[entry.name] = entry.value
            } else {
                let allowed = keys.joined(separator: ", ")
                add(entry.key, "the key \(entry.name) is unknown; allowed are \(allowed)")
            }
        }
        return values
    }

    mutating func entries(
        _ node: YAMLNode?,
        _ name: String,
        orMissingAt parent: YAMLNode? = nil
    ) -> [YAMLNode.Entry] {
        guard let node, !node.isNull else {
            if let parent { add(parent, "the key \(name) is missing") }
            return []
        }
        if let entries = node.mapping { return entries }
        add(node, "\(name) is a mapping")
        return []
    }

    mutating func elements(
        _ node: YAMLNode?,
        _ name: String,
        orMissingAt parent: YAMLNode? = nil
    ) -> [YAMLNode] {
        guard let node, !node.isNull else {
            if let parent { add(parent, "the key \(name) is missing") }
            return []
        }
        if let elements = node.sequence { return elements }
        add(node, "\(name) form a list, each after a -")
        return []
    }

    mutating func sql(_ node: YAMLNode) -> ModelText? {
        if let text = ModelText(node, file: file, lines: lines),
            text.sql.contains(where: { !$0.isWhitespace })
        {
            return text
        }
        add(node, "SQL is expected")
        return nil
    }

    /// The types that a key names: `*` or one or more, separated by commas.
    mutating func types(_ key: YAMLNode, seen: [TypeSelection]) -> TypeSelection? {
        let names = (key.string ?? "").split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }
            .map { String($0.reversed().drop { $0 == " " }.reversed()) }
        if names == ["*"] {
            if seen.contains(.all) { add(key, "* is given twice") }
            return .all
        }
        var types: [EventType] = []
        for name in names {
            let type = EventType(name)
            if name.isEmpty || name == "*" {
                add(key, "types are named one by one, separated by commas, or all as \"*\"")
                return nil
            }
            let isSeen = seen.contains { selection in
                if case .some(let types) = selection { types.contains(type) } else { false }
            }
            if isSeen || types.contains(type) { add(key, "the type \(name) is given twice") }
            types.append(type)
        }
        return .some(types)
    }
}

extension JSONValue {
    /// The value that a YAML node stands for; unquoted numbers and words have their meaning.
    fileprivate init(_ node: YAMLNode) {
        if let elements = node.sequence {
            self = .array(elements.map { JSONValue($0) })
        } else if let entries = node.mapping {
            var object = JSONObject()
            for entry in entries { object[entry.name] = JSONValue(entry.value) }
            self = .object(object)
        } else if node.isNull {
            self = .null
        } else if let value = node.boolean {
            self = .boolean(value)
        } else if let value = node.integer {
            self = .number(JSONNumber(value))
        } else if let number = node.double.flatMap({ JSONNumber($0) }) {
            self = .number(node.string.flatMap { JSONNumber($0) } ?? number)
        } else {
            self = .string(node.string ?? "")
        }
    }
}

extension Duration {
    /// The time that a text such as `5ms` or `2s` means.
    fileprivate init?(modelText text: String) {
        let isMilliseconds = text.hasSuffix("ms")
        guard isMilliseconds || text.hasSuffix("s"),
            let count = Int(text.dropLast(isMilliseconds ? 2 : 1)), (1...1_000_000).contains(count)
        else { return nil }
        self = isMilliseconds ? .milliseconds(count) : .seconds(count)
    }
}
