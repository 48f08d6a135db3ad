import EventModel

/// What a store accepts at most.
public enum StoreLimits {
    /// The bytes of a stream's name.
    public static let streamSizeMax = 512
    /// The bytes of a type's name.
    public static let typeSizeMax = 256
    /// The tags of an event.
    public static let tagCountMax = 64
    /// The bytes of a tag, key and value together.
    public static let tagSizeMax = 512
    /// The bytes of an event's metadata.
    public static let metadataSizeMax = 64 << 10
    /// The bytes of an event's payload, where a store does not say otherwise.
    public static let payloadSizeMax = 1 << 20
    /// The most bytes of an event's payload that a store can be made for.
    public static let payloadSizeLimit = 16 << 20
    /// The events of one append.
    public static let batchCountMax = 4096
    /// The bytes of an append of several events, encoded; one event alone has its own limits.
    public static let batchSizeMax = 16 << 20
}

/// What is wrong with an event.
public enum EventDefect: Hashable, Sendable, CustomStringConvertible {
    /// The stream's name is empty, too long, or has control characters.
    case streamName
    /// The stream's name starts with `$`, and so is the system's.
    case systemName
    /// The type's name is empty, too long, or has control characters.
    case typeName
    /// A revision counts from 1.
    case revision
    /// There are too many tags, or one is too long or has control characters.
    case tags
    /// The content type is empty, too long, or has control characters.
    case contentType
    /// The metadata has too many bytes.
    case metadataSize(Int)
    /// The payload has too many bytes, and how many it may have.
    case payloadSize(Int, limit: Int)
    /// The batch has too many events.
    case batchCount(Int)
    /// The batch has too many bytes.
    case batchSize(Int)

    /// The defect in a sentence with the limit.
    public var description: String {
        switch self {
        case .streamName:
            "a stream's name has 1 to \(StoreLimits.streamSizeMax) bytes and no control characters"
        case .systemName:
            "names that start with $ are the system's; choose another name for the stream"
        case .typeName:
            "a type's name has 1 to \(StoreLimits.typeSizeMax) bytes and no control characters"
        case .revision:
            "a revision is at least 1"
        case .tags:
            "an event has at most \(StoreLimits.tagCountMax) tags, each of at most "
                + "\(StoreLimits.tagSizeMax) bytes and without control characters"
        case .contentType:
            "a content type has 1 to \(StoreLimits.typeSizeMax) bytes and no control characters"
        case .metadataSize(let size):
            "metadata of \(size) bytes is more than \(StoreLimits.metadataSizeMax)"
        case .payloadSize(let size, let limit):
            "a payload of \(size) bytes is more than \(limit)"
        case .batchCount(let count):
            "a batch of \(count) events is more than \(StoreLimits.batchCountMax)"
        case .batchSize(let size):
            "a batch of \(size) bytes is more than \(StoreLimits.batchSizeMax)"
        }
    }
}

extension AppendRequest {
    /// The first entry that breaks a limit, and how.
    package func firstDefect(payloadSizeMax: Int) -> (index: Int, defect: EventDefect)? {
        guard entries.count <= StoreLimits.batchCountMax else {
            return (StoreLimits.batchCountMax, .batchCount(entries.count))
        }
        let entries = entries.span
        for index in entries.indices {
            if let defect = EventDefect(of: entries, index, payloadSizeMax: payloadSizeMax) {
                return (index, defect)
            }
            if entries[index].stream.isSystem, !mayNameSystemStreams {
                return (index, .systemName)
            }
        }
        return nil
    }
}

extension EventDefect {
    /// What is wrong with the event of an entry, which stays where it is.
    fileprivate init?(
        of entries: Span<AppendRequest.Entry>,
        _ index: Int,
        payloadSizeMax: Int
    ) {
        let metadataSize = entries[index].event.metadata.count
        let payloadSize = entries[index].event.payload.count
        if !entries[index].stream.text.isName(sizeMax: StoreLimits.streamSizeMax) {
            self = .streamName
        } else if !entries[index].event.type.text.isName(sizeMax: StoreLimits.typeSizeMax) {
            self = .typeName
        } else if entries[index].event.revision < 1 {
            self = .revision
        } else if !entries[index].event.contentType.isName(sizeMax: StoreLimits.typeSizeMax) {
            self = .contentType
        } else if metadataSize > StoreLimits.metadataSizeMax {
            self = .metadataSize(metadataSize)
        } else if payloadSize > payloadSizeMax {
            self = .payloadSize(payloadSize, limit: payloadSizeMax)
        } else if entries[index].event.tags.count > StoreLimits.tagCountMax
            || !entries[index].event.tags.allSatisfy(\.isWithinLimits)
        {
            self = .tags
        } else {
            return nil
        }
    }
}

extension EventTag {
    /// Whether the tag, written as `key:value`, is not too long and has no control characters.
    fileprivate var isWithinLimits: Bool {
        key.utf8.count + 1 + value.utf8.count <= StoreLimits.tagSizeMax
            && !key.hasControlCharacters && !value.hasControlCharacters
    }
}

extension String {
    /// Whether the text has 1 to `sizeMax` bytes and no control characters.
    fileprivate func isName(sizeMax: Int) -> Bool {
        (1...sizeMax).contains(utf8.count) && !hasControlCharacters
    }

    /// Whether there is a control character (C0, DEL, C1) in the text.
    fileprivate var hasControlCharacters: Bool {
        let bytes = utf8.span
        if bytes.indices.allSatisfy({ (0x20..<0x7F).contains(bytes[$0]) }) { return false }
        var previous: UInt8 = 0
        for byte in utf8 {
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
            previous = byte
        }
        return false
    }
}
