import CYAML

/// How large a YAML document may be.
public struct YAMLLimits: Hashable, Sendable {
    /// The largest size of the text in bytes.
    public var sizeMax: Int
    /// How deeply sequences and mappings may be nested.
    public var depthMax: Int
    /// The largest number of nodes, those that aliases repeat included.
    public var nodeCountMax: Int

    /// Makes limits; without arguments, those for files from outside.
    public init(sizeMax: Int = 1 << 20, depthMax: Int = 64, nodeCountMax: Int = 100_000) {
        self.sizeMax = sizeMax
        self.depthMax = depthMax
        self.nodeCountMax = nodeCountMax
    }
}

extension YAMLNode {
    /// Parses the one document of a YAML text in UTF-8.
    ///
    /// Aliases are replaced by what they name, whose nodes keep their own places. Keys must be
    /// scalars. Merge keys (`<<`) have no meaning and tags are refused.
    ///
    /// - Throws: the first error, also for a second document, a key given twice, an alias
    ///   inside what it names, and a text beyond the limits.
    public init(parsing bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
        guard bytes.count <= limits.sizeMax else {
            let reason = "the text is longer than \(limits.sizeMax) bytes"
            throw YAMLError(line: 1, column: 1, reason: reason)
        }
        var builder = try NodeBuilder(bytes: bytes, limits: limits)
        self = try builder.document()
    }

    /// Parses the one document of a YAML text, as ``init(parsing:limits:)-([UInt8],_)`` does.
    public init(parsing text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// Builds nodes from the events of a text.
private struct NodeBuilder: ~Copyable {
    /// A node that an alias can name, with the number of nodes in it; nothing while it is open.
    private struct Anchored {
        var node: YAMLNode?
        var nodeCount: Int
    }

    private var events: EventReader
    private let limits: YAMLLimits
    private var anchors: [String: Anchored] = [:]
    private var nodeCount = 0

    init(bytes: [UInt8], limits: YAMLLimits) throws(YAMLError) {
        events = try EventReader(bytes: bytes)
        self.limits = limits
    }

    mutating func document() throws(YAMLError) -> YAMLNode {
        guard case .documentStart = try events.next().kind else {
            throw YAMLError(line: 1, column: 1, reason: "there is no document")
        }
        let root = try node(from: events.next(), depth: 0)
        _ = try events.next()
        let after = try events.next()
        guard case .end = after.kind else { throw after.error("there is a second document") }
        return root
    }

    private mutating func node(from event: Event, depth: Int) throws(YAMLError) -> YAMLNode {
        if case .alias(let name) = event.kind { return try aliased(name, at: event) }
        let countBefore = nodeCount
        try count(1, at: event)
        if let anchor = event.anchor { anchors[anchor] = Anchored(node: nil, nodeCount: 0) }
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text, let style):
            content = .scalar(text, style: style)
        case .sequenceStart:
            content = .sequence(try elements(in: event, depth: depth + 1))
        case .mappingStart:
            content = .mapping(try entries(in: event, depth: depth + 1))
        default:
            throw event.error("a value is missing")
        }
        let node = YAMLNode(line: event.line, column: event.column, content: content)
        if let anchor = event.anchor {
            anchors[anchor] = Anchored(node: node, nodeCount: nodeCount - countBefore)
        }
        return node
    }

    private mutating func aliased(_ name: String, at event: Event) throws(YAMLError) -> YAMLNode {
        guard let anchored = anchors[name] else {
            throw event.error("the alias names an anchor that does not stand before it")
        }
        guard let node = anchored.node else {
            throw event.error("the alias stands inside what it names")
        }
        try count(anchored.nodeCount, at: event)
        return node
    }

    private mutating func count(_ count: Int, at event: Event) throws(YAMLError) {
        nodeCount += count
        guard nodeCount <= limits.nodeCountMax else {
            throw event.error("the document has more than \(limits.nodeCountMax) nodes")
        }
    }

    private func check(depth: Int, at event: Event) throws(YAMLError) {
        guard depth <= limits.depthMax else {
            throw event.error("the nesting is deeper than \(limits.depthMax)")
        }
    }

    private mutating func elements(in start: Event, depth: Int) throws(YAMLError) -> [YAMLNode] {
        try check(depth: depth, at: start)
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .containerEnd = event.kind { return elements }
            elements.append(try node(from: event, depth: depth))
        }
    }

    private mutating func entries(
        in start: Event,
        depth: Int
    ) throws(YAMLError) -> [YAMLNode.Entry] {
        try check(depth: depth, at: start)
        var entries: [YAMLNode.Entry] = []
        var names: Set<[UInt8]> = []
        while true {
            let event = try events.next()
            if case .containerEnd = event.kind { return entries }
            let key = try node(from: event, depth: depth)
            guard let name = key.string else { throw event.error("a key must be a scalar") }
            guard names.insert(Array(name.utf8)).inserted else {
                throw event.error("the key is given twice")
            }
            let value = try node(from: events.next(), depth: depth)
            entries.append(YAMLNode.Entry(key: key, value: value))
        }
    }
}
