/// A decoder of bytes from outside, to be given any bytes at all.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// A line with a CloudEvent.
    case cloudEvent
    /// The encoding of one event.
    case eventEncoding
    /// The text of an event id.
    case eventID
    /// The text of a tag.
    case eventTag
    /// An index file whose checksums fit.
    case indexFile
    /// A JSON text.
    case json
    /// The part of a log file behind its header.
    case logFile
    /// The header of a log file whose checksum fits.
    case logFileHeader
    /// A domain model in YAML.
    case model
    /// A record of a log whose checksums fit.
    case record
    /// The page that processes share.
    case sharedPage
    /// The manifest of a store.
    case storeManifest
    /// A time in RFC 3339.
    case timestamp
    /// A YAML text.
    case yaml

    /// Decodes bytes, and what can be encoded again once more; traps where that gives anything
    /// else than the first time.
    package func run(_ bytes: [UInt8]) {
        switch self {
        case .cloudEvent: decodeCloudEvent(bytes)
        case .eventEncoding: decodeEvent(bytes)
        case .eventID: decodeEventID(bytes)
        case .eventTag: decodeEventTag(bytes)
        case .indexFile: openIndexFile(bytes)
        case .json: decodeJSON(bytes)
        case .logFile: HostileLog.open(behindHeader: bytes)
        case .logFileHeader: decodeLogFileHeader(bytes)
        case .model: decodeModel(bytes)
        case .record: HostileLog.open(record: bytes)
        case .sharedPage: HostileLog.open(page: bytes)
        case .storeManifest: decodeManifest(bytes)
        case .timestamp: decodeTimestamp(bytes)
        case .yaml: decodeYAML(bytes)
        }
    }
}
