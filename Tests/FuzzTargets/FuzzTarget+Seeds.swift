import EventModel
import EventStorage
import JSON

@testable import EventLog

extension FuzzTarget {
    /// Bytes that the decoder takes, made by the encoder where there is one.
    package var seeds: [[UInt8]] {
        switch self {
        case .cloudEvent: FuzzTarget.lines.map { Array($0.utf8) }
        case .eventEncoding: [FuzzTarget.event]
        case .eventID: [Array(EventID(high: 1, low: .max).description.utf8)]
        case .eventTag: [Array("customer:7".utf8)]
        case .indexFile: [madeIndexFile()]
        case .json: FuzzTarget.texts.map { Array($0.utf8) }
        case .logFile, .record: [HostileLog.record]
        case .logFileHeader: [FuzzTarget.header]
        case .model: [Array(FuzzTarget.modelText.utf8)]
        case .sharedPage: FuzzTarget.pages
        case .storeManifest: [FuzzTarget.manifest]
        case .timestamp: FuzzTarget.times.map { Array($0.utf8) }
        case .yaml: [Array("a: &x [1, 'b', \"c\"]\nd:\n  - *x\n  - |\n    e\n".utf8)]
        }
    }

    private static let times = [
        "2026-11-20T03:47:00Z", "1969-12-31t23:59:59.999999+02:00", "9999-12-31T23:59:59Z",
    ]

    private static let texts = [
        #"{"a":[1,-2.5e3,true,null,"é\n\u0041"],"b":{}}"#, "123456789012345678901234567890",
    ]

    private static let lines = [
        #"{"specversion":"1.0","id":"1","source":"/s","type":"Made","subject":"cart-1","#
            + #""time":"2026-11-20T03:47:00.5+01:00","tags":"customer:7","x":[1],"data":{"a":1}}"#,
        #"{"specversion":"1.0","id":"2","source":"/s","type":"Made","subject":"cart-1","#
            + #""datacontenttype":"text/plain","revision":3,"data_base64":"AAEC"}"#,
    ]

    private static let modelText = """
        events:
          Made: {}
        """

    private static var event: [UInt8] {
        var bytes: [UInt8] = []
        let event = PendingEvent(
            id: EventID(high: 3, low: 4),
            type: "Made",
            revision: 300,
            eventTime: Timestamp(microseconds: -5),
            tags: [EventTag(key: "customer", value: "7")],
            contentType: "text/plain",
            metadata: Array("{}".utf8),
            payload: [0, 255]
        )
        EventEncoding.append(event, stream: StreamName("é-1"), sequence: Sequence(200), to: &bytes)
        return bytes
    }

    private static var header: [UInt8] {
        let header = LogFileHeader(
            fileSize: 8192,
            store: EventID(high: 1, low: 2),
            incarnation: 1,
            number: 0,
            firstPosition: Position(1),
            salt: 3,
            predecessor: 0,
            durableUpTo: .start,
            createdTime: Timestamp(microseconds: 5)
        )
        return Array(header.encoded.prefix(96))
    }

    private static var manifest: [UInt8] {
        let identity = StoreIdentity(id: EventID(high: 1, low: 2), incarnation: 1, name: "é")
        return StoreManifest(identity: identity, options: LogOptions()).encoded
    }

    /// Words of the page: a word of ones stands for the identity of the machine's start.
    private static var pages: [[UInt8]] {
        [[6, 0, .max, 0, 6, 0], [9, 1, .max, 1, .max - 1, 7], [3, 0, 1, 0, 6, 0]].map {
            (words: [UInt64]) in
            words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
        }
    }
}
