public import EventModel
import JSON

extension Operation {
    /// The type of a request.
    public static let requestedType = EventType("OperationRequested")

    /// The request as an event.
    public var event: PendingEvent {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("operation", act.name)
        switch act {
        case .pause(let group), .resume(let group):
            writer.member("group", group)
        case .replay(let group, let after, let rateLimit, let isShadow, let selection):
            writer.member("group", group)
            writer.member("after", after.number)
            if let rateLimit { writer.member("rateLimit", rateLimit) }
            if isShadow { writer.member("shadow", true) }
            selection.write(to: &writer)
        case .undo(let group, let operation):
            writer.member("group", group)
            writer.member("undone", operation.description)
        case .letGo(let group):
            writer.member("group", group)
        case .retry(let group, let letters, let rateLimit, let stopsAtFailure):
            writer.member("group", group)
            letters.write(to: &writer)
            if let rateLimit { writer.member("rateLimit", rateLimit) }
            writer.member("stopsAtFailure", stopsAtFailure)
        case .discard(let group, let letters):
            writer.member("group", group)
            letters.write(to: &writer)
        case .skip(let group, let position):
            writer.member("group", group)
            writer.member("position", position.number)
        case .effect(let group, let effect, _):
            writer.member("group", group)
            writer.member("effect", effect.description)
        case .split(let group, let segment), .merge(let group, let segment):
            writer.member("group", group)
            if let segment { writer.member("segment", UInt64(segment)) }
        case .snapshotStream(let stream):
            writer.member("stream", stream.text)
        case .snapshotCategory(let category, let rateLimit):
            writer.member("category", category.text)
            if let rateLimit { writer.member("rateLimit", rateLimit) }
        case .snapshotStale(let rateLimit):
            writer.member("stale", true)
            if let rateLimit { writer.member("rateLimit", rateLimit) }
        }
        writer.member("operator", operatorName)
        writer.member("host", host)
        writer.member("reason", reason)
        writer.endObject()
        return PendingEvent(id: id, type: Operation.requestedType, payload: writer.finish())
    }

    /// Reads a request; nothing where the event is none, or of a kind this program does not know.
    public init?(_ event: RecordedEvent) {
        guard event.type == Operation.requestedType,
            let json = try? JSONValue(parsing: event.payload),
            let name = json["operation"]?.string,
            let act = Act(name: name, json)
        else { return nil }
        self.init(
            id: event.id,
            act: act,
            operatorName: json["operator"]?.string ?? "",
            host: json["host"]?.string ?? "",
            reason: json["reason"]?.string ?? ""
        )
    }
}

extension Operation.Act {
    /// What the act is called.
    public var name: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .replay: "replay"
        case .undo: "undo"
        case .letGo: "let-go"
        case .retry: "retry"
        case .discard: "discard"
        case .skip: "skip"
        case .effect(_, _, let wish): "\(wish.rawValue)-effect"
        case .split: "split"
        case .merge: "merge"
        case .snapshotStream, .snapshotCategory, .snapshotStale: "snapshot"
        }
    }

    /// What the act is done to.
    public var target: String {
        switch self {
        case .pause(let group), .resume(let group), .replay(let group, _, _, _, _),
            .undo(let group, _), .letGo(let group),
            .retry(let group, _, _, _), .discard(let group, _), .skip(let group, _),
            .effect(let group, _, _), .split(let group, _), .merge(let group, _):
            group
        case .snapshotStream(let stream): stream.text
        case .snapshotCategory(let category, _): category.text
        case .snapshotStale: "all stale"
        }
    }

    fileprivate init?(name: String, _ json: JSONValue) {
        let group = json["group"]?.string
        let rateLimit = json["rateLimit"]?.integer.flatMap(Int.init(exactly:))
        switch (name, group) {
        case ("pause", let group?): self = .pause(group: group)
        case ("resume", let group?): self = .resume(group: group)
        case ("replay", let group?):
            guard let after = Position(json["after"]) else { return nil }
            self = .replay(
                group: group,
                after: after,
                rateLimit: rateLimit,
                isShadow: json["shadow"]?.boolean ?? false,
                selection: ReplaySelection(json)
            )
        case ("undo", let group?):
            guard let operation = json["undone"]?.string.flatMap(EventID.init) else { return nil }
            self = .undo(group: group, operation: operation)
        case ("let-go", let group?): self = .letGo(group: group)
        case ("retry", let group?):
            guard let letters = LetterSelection(json) else { return nil }
            self = .retry(
                group: group,
                letters: letters,
                rateLimit: rateLimit,
                stopsAtFailure: json["stopsAtFailure"]?.boolean ?? true
            )
        case ("discard", let group?):
            guard let letters = LetterSelection(json) else { return nil }
            self = .discard(group: group, letters: letters)
        case ("skip", let group?):
            guard let position = Position(json["position"]) else { return nil }
            self = .skip(group: group, position: position)
        case ("retry-effect", let group?), ("give-up-effect", let group?):
            guard let effect = json["effect"]?.string.flatMap(EventID.init) else { return nil }
            let wish: PendingEffect.Wish = name == "retry-effect" ? .retry : .giveUp
            self = .effect(group: group, effect: effect, wish: wish)
        case ("split", let group?), ("merge", let group?):
            let segment = json["segment"]?.integer
            let number = segment.flatMap(UInt32.init(exactly:))
            guard segment == nil || number != nil else { return nil }
            self =
                name == "split"
                ? .split(group: group, segment: number) : .merge(group: group, segment: number)
        case ("snapshot", nil):
            if let stream = json["stream"]?.string {
                self = .snapshotStream(StreamName(stream))
            } else if let category = json["category"]?.string {
                self = .snapshotCategory(Category(category), rateLimit: rateLimit)
            } else if json["stale"]?.boolean == true {
                self = .snapshotStale(rateLimit: rateLimit)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

extension Position {
    fileprivate init?(_ json: JSONValue?) {
        guard let number = json?.integer.flatMap(UInt64.init(exactly:)) else { return nil }
        self.init(number)
    }
}

extension ReplaySelection {
    /// Writes what it leaves out as members of the object that is open.
    fileprivate func write(to writer: inout JSONWriter) {
        if let end { writer.member("through", end.number) }
        if !streams.isEmpty { writer.strings("streams", streams.map(\.text).sorted()) }
        if !types.isEmpty { writer.strings("types", types.map(\.text).sorted()) }
    }

    fileprivate init(_ json: JSONValue) {
        func texts(_ key: String) -> [String] {
            json[key]?.array?.compactMap(\.string) ?? []
        }
        self.init(
            end: Position(json["through"]),
            streams: Set(texts("streams").map { StreamName($0) }),
            types: Set(texts("types").map { EventType($0) })
        )
    }
}

extension JSONWriter {
    /// Writes a member with an array of strings.
    fileprivate mutating func strings(_ key: String, _ texts: [String]) {
        self.key(key)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}

extension LetterSelection {
    /// Writes the selection as a member of the object that is open.
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .all: writer.member("letters", "all")
        case .position(let position): writer.member("position", position.number)
        case .sequence(let key): writer.member("sequence", key)
        case .cause(let cause): writer.member("cause", cause)
        }
    }

    fileprivate init?(_ json: JSONValue) {
        if let position = Position(json["position"]) {
            self = .position(position)
        } else if let key = json["sequence"]?.string {
            self = .sequence(key)
        } else if let cause = json["cause"]?.string {
            self = .cause(cause)
        } else if json["letters"]?.string == "all" {
            self = .all
        } else {
            return nil
        }
    }
}

extension OperationOutcome {
    /// The type of an outcome, one for each result.
    private static func type(_ result: Result) -> EventType {
        switch result {
        case .started: EventType("OperationStarted")
        case .completed: EventType("OperationCompleted")
        case .refused: EventType("OperationRefused")
        case .failed: EventType("OperationFailed")
        }
    }

    /// The outcome as an event.
    public var event: PendingEvent {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("request", operation.description)
        writer.member("message", message)
        if !before.isEmpty { writer.member("before", before) }
        if !after.isEmpty { writer.member("after", after) }
        writer.endObject()
        return PendingEvent(
            id: eventID,
            type: OperationOutcome.type(result),
            payload: writer.finish()
        )
    }

    /// Reads an outcome; nothing where the event is none.
    public init?(_ event: RecordedEvent) {
        let result = Result.allCases.first { OperationOutcome.type($0) == event.type }
        guard let result, let json = try? JSONValue(parsing: event.payload),
            let request = json["request"]?.string.flatMap(EventID.init)
        else { return nil }
        self.init(
            of: request,
            result,
            json["message"]?.string ?? "",
            before: json["before"]?.string ?? "",
            after: json["after"]?.string ?? ""
        )
    }
}
