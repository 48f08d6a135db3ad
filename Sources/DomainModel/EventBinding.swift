import EventModel
import EventStorage
import JSON
import SQLiteDatabase

/// Binds what an event tells to the parameters of statements, without copies of its bytes.
///
/// For one thread. Whether the payload is JSON is found out at most once for each event.
final class EventBinder {
    private var parser = JSONParser(
        options: JSONOptions(depthMax: JSONOptions.depthLimit, rejectsDuplicateKeys: false)
    )

    /// The bytes of an event that statements refer to, valid while it is shown.
    struct Addresses {
        fileprivate let payload: UnsafeRawBufferPointer
        fileprivate let metadata: UnsafeRawBufferPointer
        fileprivate let stream: UnsafeRawBufferPointer
        fileprivate let type: UnsafeRawBufferPointer
        fileprivate var isPayloadJSON: Bool?
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

    /// Whether bytes are a JSON text.
    func isJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
        EventBinder.kind(of: bytes, &parser) != nil
    }

    /// Whether bytes are the text of a JSON object.
    func isObject(_ bytes: Span<UInt8>) -> Bool {
        bytes.withUnsafeBytes { EventBinder.kind(of: $0, &parser) } == .object
    }

    private static func kind(
        of bytes: UnsafeRawBufferPointer,
        _ parser: inout JSONParser
    ) -> JSONKind? {
        if bytes.isEmpty { return nil }
        return try? parser.parse(bytes.bindMemory(to: UInt8.self).span).kind
    }

    /// Binds all parameters of a statement; the bytes stay bound until the bindings are cleared.
    func bind(
        _ names: [BoundName],
        of event: borrowing EventView,
        _ addresses: inout Addresses,
        state: UnsafeBufferPointer<UInt8>? = nil,
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        for (offset, name) in names.enumerated() {
            let index = offset + 1
            switch name {
            case .state:
                if let state { try statement.bindUncopied(text: state, at: index) }
            case .data:
                try bindPayload(&addresses, to: statement, at: index)
            case .metadata:
                if isJSON(addresses.metadata) {
                    try statement.bind(text: addresses.metadata, at: index)
                } else {
                    try statement.bindNull(at: index)
                }
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

    private func bindPayload(
        _ addresses: inout Addresses,
        to statement: SQLiteStatement,
        at index: Int
    ) throws(SQLiteError) {
        let isJSON = addresses.isPayloadJSON ?? isJSON(addresses.payload)
        addresses.isPayloadJSON = isJSON
        if isJSON {
            try statement.bind(text: addresses.payload, at: index)
        } else {
            try statement.bindNull(at: index)
        }
    }
}

extension SQLiteStatement {
    /// Binds text without a copy, until the bindings are cleared.
    fileprivate func bind(text: UnsafeRawBufferPointer, at index: Int) throws(SQLiteError) {
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
