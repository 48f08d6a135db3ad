import EventModel
public import EventStorage
import JSON

/// Which events of a group must be handled one after the other.
///
/// Events with the same key are a sequence: they are handled in their order, and one that cannot
/// be handled holds back the later ones of its sequence, and no others.
public enum SequencingPolicy: Hashable, Sendable, LosslessStringConvertible {
    /// The events of a stream are a sequence.
    case perStream
    /// Events whose first tag with a name has the same value are a sequence; one without the tag
    /// is a sequence of its own.
    case tag(String)
    /// Events whose metadata has the same text in a member are a sequence; one without it is a
    /// sequence of its own.
    case metadata(String)
    /// All events are one sequence.
    case oneAtATime
    /// Every event is a sequence of its own.
    case concurrent

    /// Reads a policy as a model says it; nothing where the text is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("stream", nil): self = .perStream
        case ("all", nil): self = .oneAtATime
        case ("none", nil): self = .concurrent
        case ("tag", let name?): self = .tag(name)
        case ("metadata", let member?): self = .metadata(member)
        default: return nil
        }
    }

    /// The policy as a model says it.
    public var description: String {
        switch self {
        case .perStream: "stream"
        case .oneAtATime: "all"
        case .concurrent: "none"
        case .tag(let name): "tag:\(name)"
        case .metadata(let member): "metadata:\(member)"
        }
    }

    /// What names the sequence of an event, among those of the group.
    public func key(of event: borrowing EventView) -> String {
        switch self {
        case .perStream: event.streamName.text
        case .tag(let name):
            event.tags.first { $0.key == name }?.value ?? SequencingPolicy.own(event)
        case .metadata(let member):
            SequencingPolicy.text(member, in: event.metadata) ?? SequencingPolicy.own(event)
        case .oneAtATime: ""
        case .concurrent: SequencingPolicy.own(event)
        }
    }

    /// The hash of ``key(of:)``, which says which segment an event is of.
    func hash(of event: borrowing EventView) -> UInt32 {
        switch self {
        case .perStream: SequenceHash(utf8: event.stream).bits
        case .oneAtATime: SequenceHash(of: "").bits
        case .tag, .metadata, .concurrent: SequenceHash(of: key(of: event)).bits
        }
    }

    /// The key of an event that is a sequence of its own, which no name of a stream is.
    private static func own(_ event: borrowing EventView) -> String { "#\(event.position)" }

    private static func text(_ member: String, in metadata: RawSpan) -> String? {
        var parser = JSONParser()
        guard let view = try? parser.parse(metadata) else { return nil }
        return view.member(named: member)?.string
    }
}
