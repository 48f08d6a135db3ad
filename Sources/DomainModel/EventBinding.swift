import Aggregates
import EventModel
import EventStorage
import JSON
import SQLiteDatabase

/// Binds what an event tells to the parameters of statements, without copies of its bytes.
///
/// For one thread. Whether the payload is JSON is found out at most once for each event.
final class EventBinder {
    private var reader = TextReader()

    /// The bytes of an event that statements refer to, valid while it is shown.
    struct Addresses {
        fileprivate let payload: UnsafeRawBufferPointer
        fileprivate let metadata: UnsafeRawBufferPointer
        fileprivate let stream: UnsafeRawBufferPointer
        fileprivate let type: UnsafeRawBufferPointer
        fileprivate var hasJSONPayload: Bool?
    }

    /// Lends out the addresses of an event's bytes.
    func withAddresses<Result>(
        of event: borrowing EventView,
        _ body: (inout Addresses) throws -> Result
    ) rethrows -> Result {
        let (payload, metadata) = (event.payload, event.metadata)
        let (stream, type) = (event.stream, event.type)
        return try payload.withUnsafeBytes { payload in
            try metadata.withUnsafeBytes { metadata in
                try stream.withUnsafeBytes { stream in
                    try type.withUnsafeBytes { type in
                        var addresses = Addresses(
                            payload: payload,
                            metadata: metadata,
                            stream: stream,
                            type: type
                        )
                        return try body(&addresses)
                    }
                }
            }
        }
    }

    /// What kind of JSON an expression has returned.
    ///
    /// - Throws: an error for text that is no JSON, or that would be read as something else.
    func kind(ofResult text: Span<UInt8>) throws(UnreadableText) -> JSONKind {
        try reader.read(text.bytes)
    }

    /// Binds all parameters of a statement; the bytes stay bound until the bindings are cleared.
    ///
    /// - Throws: `SQLiteError`; `UnreadableJSON` where the event has no JSON and should.
    func bind(
        _ names: [BoundName],
        of event: borrowing EventView,
        _ addresses: inout Addresses,
        state: UnsafeBufferPointer<UInt8>? = nil,
        to statement: SQLiteStatement
    ) throws {
        for (offset, name) in names.enumerated() {
            let index = offset + 1
            switch name {
            case .state:
                if let state { try statement.bindUncopied(text: state, at: index) }
            case .data:
                let isJSON = try addresses.hasJSONPayload ?? hasJSONPayload(event)
                addresses.hasJSONPayload = isJSON
                try statement.bind(text: isJSON ? addresses.payload : nil, at: index)
            case .metadata:
                let isJSON = try hasMetadata(event)
                try statement.bind(text: isJSON ? addresses.metadata : nil, at: index)
            case .stream:
                try statement.bind(text: addresses.stream, at: index)
            case .id:
                let name = addresses.stream
                let dash = name.firstIndex(of: UInt8(ascii: "-")).map { $0 + 1 } ?? name.count
                try statement.bind(text: UnsafeRawBufferPointer(rebasing: name[dash...]), at: index)
            case .category:
                let name = addresses.stream
                let dash = name.firstIndex(of: UInt8(ascii: "-")) ?? name.count
                try statement.bind(text: UnsafeRawBufferPointer(rebasing: name[..<dash]), at: index)
            case .type:
                try statement.bind(text: addresses.type, at: index)
            case .revision:
                try statement.bind(integer: Int64(event.revision), at: index)
            case .sequence:
                try statement.bind(integer: Int64(clamping: event.sequence.number), at: index)
            case .position:
                try statement.bind(integer: Int64(clamping: event.position.number), at: index)
            case .time:
                try statement.bind(text: event.eventTime.description, at: index)
            case .recordedTime:
                try statement.bind(text: event.recordedTime.description, at: index)
            }
        }
    }

    /// Whether there is a payload that is JSON.
    ///
    /// - Throws: an error where the media type says that it is, and it cannot be read.
    private func hasJSONPayload(_ event: borrowing EventView) throws(UnreadableJSON) -> Bool {
        if event.payload.isEmpty { return false }
        do throws(UnreadableText) {
            _ = try reader.read(event.payload)
            return true
        } catch {
            guard event.isDeclaredJSON else { return false }
            throw UnreadableJSON(.payload, reason: error.reason)
        }
    }

    /// Whether there is metadata, which always is JSON.
    private func hasMetadata(_ event: borrowing EventView) throws(UnreadableJSON) -> Bool {
        if event.metadata.isEmpty { return false }
        do throws(UnreadableText) {
            _ = try reader.read(event.metadata)
            return true
        } catch {
            throw UnreadableJSON(.metadata, reason: error.reason)
        }
    }
}

extension SQLiteStatement {
    /// Binds text without a copy until the bindings are cleared, or `NULL` for none.
    fileprivate func bind(
        text: UnsafeRawBufferPointer?,
        at index: Int
    ) throws(SQLiteError) {
        guard let text else { return try bindNull(at: index) }
        try bindUncopied(text: text.bindMemory(to: UInt8.self), at: index)
    }
}

/// The types that a rule is for, as bytes that events can be held against.
struct TypeMatcher: Sendable {
    private let types: [[UInt8]]?

    init(_ selection: TypeSelection) {
        switch selection {
        case .all: types = nil
        case .some(let some): types = some.map { Array($0.text.utf8) }
        }
    }

    func matches(_ event: borrowing EventView) -> Bool {
        guard let types else { return true }
        for type in types where event.type.equals(type) { return true }
        return false
    }
}
