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
    /// The bytes of an event's payload.
    public static let payloadSizeMax = 1 << 20
    /// The events of one append.
    public static let batchCountMax = 4096
    /// The bytes of one append, encoded.
    public static let batchSizeMax = 16 << 20
}

/// What is wrong with an event.
public enum EventDefect: Hashable, Sendable, CustomStringConvertible {
    /// The stream's name is empty, too long, or has control characters.
    case streamName
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
    /// The payload has too many bytes.
    case payloadSize(Int)
    /// The batch has too many events.
    case batchCount(Int)
    /// The batch has too many bytes.
    case batchSize(Int)

    /// The defect in a sentence with the limit.
    public var description: String {
        switch self {
        case .streamName:
            "a stream's name has 1 to \(StoreLimits.streamSizeMax) bytes and no control characters"
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
        case .payloadSize(let size):
            "a payload of \(size) bytes is more than \(StoreLimits.payloadSizeMax)"
        case .batchCount(let count):
            "a batch of \(count) events is more than \(StoreLimits.batchCountMax)"
        case .batchSize(let size):
            "a batch of \(size) bytes is more than \(StoreLimits.batchSizeMax)"
        }
    }
}

extension AppendRequest {
    /// The first entry that breaks a limit, and how.
    package var firstDefect: (index: Int, defect: EventDefect)? {
        guard entries.count <= StoreLimits.batchCountMax else {
            return (StoreLimits.batchCountMax, .batchCount(entries.count))
        }
        for (index, entry) in entries.enumerated() {
            if let defect = entry.defect { return (index, defect) }
        }
        return nil
    }
}

extension AppendRequest.Entry {
    fileprivate var defect: EventDefect? {
        guard stream.text.isName(sizeMax: StoreLimits.streamSizeMax) else { return .streamName }
        guard event.type.text.isName(sizeMax: StoreLimits.typeSizeMax) else { return .typeName }
        guard event.revision >= 1 else { return .revision }
        guard event.contentType.isName(sizeMax: StoreLimits.typeSizeMax) else {
            return .contentType
        }
        guard event.metadata.count <= StoreLimits.metadataSizeMax else {
            return .metadataSize(event.metadata.count)
        }
        guard event.payload.count <= StoreLimits.payloadSizeMax else {
            return .payloadSize(event.payload.count)
        }
        guard event.tags.count <= StoreLimits.tagCountMax,
            event.tags.allSatisfy({ $0.description.isName(sizeMax: StoreLimits.tagSizeMax) })
        else { return .tags }
        return nil
    }
}

extension String {
    /// Whether the text has 1 to `sizeMax` bytes, none of them a control character (C0, DEL, C1).
    fileprivate func isName(sizeMax: Int) -> Bool {
        guard (1...sizeMax).contains(utf8.count) else { return false }
        var previous: UInt8 = 0
        for byte in utf8 {
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return false }
            previous = byte
        }
        return true
    }
}
