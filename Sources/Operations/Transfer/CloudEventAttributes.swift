import EventModel
import EventStorage
import JSON

/// The attributes of one CloudEvent, taken from its line but not yet made into an event.
struct CloudEventAttributes {
    /// A string attribute: where its text stands in the line, and its bytes without escapes.
    struct Text {
        var raw: Range<Int>
        /// The bytes; nothing where they are those between the quotes.
        var decoded: [UInt8]?
    }

    var hasSpecificationVersion = false
    var id: Text?
    var source: Text?
    var type: String?
    var stream: String?
    /// The event time, and where its text stands if writing the time would give another one.
    var time: Timestamp?
    var timeText: Range<Int>?
    var contentType = PendingEvent.contentTypeJSON
    var revision: UInt32 = 1
    var tags: [EventTag] = []
    /// Where the text of `data` stands in the line.
    var data: Range<Int>?
    /// The bytes of `data_base64`.
    var binaryData: [UInt8]?
    /// Where the text of `metadata` and `metadatabase64` stands among the other attributes.
    var metadata: [UInt8]?
    /// All other attributes as the inside of a JSON object, in the order of the line.
    var others: [UInt8] = []
    /// How many other attributes there are.
    var otherCount = 0
}

extension CloudEventAttributes {
    /// Takes one member of the line.
    mutating func take(_ key: JSONView, _ value: JSONView) throws(LineDefect) {
        if key.isString(equalTo: "data") {
            data = value.range
        } else if key.isString(equalTo: "id") {
            id = try value.text(of: "id")
        } else if key.isString(equalTo: "time") {
            try takeTime(value)
        } else if key.isString(equalTo: "type") {
            type = try value.nonEmptyString("type")
        } else if key.isString(equalTo: "source") {
            source = try value.text(of: "source")
        } else if key.isString(equalTo: "subject") {
            try takeStream(value)
        } else if key.isString(equalTo: "specversion") {
            guard value.isString(equalTo: "1.0") else {
                throw value.defect("specversion", expected: "the text \"1.0\"")
            }
            hasSpecificationVersion = true
        } else if key.isString(equalTo: "datacontenttype") {
            try takeContentType(value)
        } else {
            try takeExtension(key, value)
        }
    }

    private mutating func takeStream(_ value: JSONView) throws(LineDefect) {
        let name = try value.nonEmptyString("subject")
        guard !StreamName(name).isSystem else {
            throw value.defect("subject", expected: "a name that does not start with '$'")
        }
        stream = name
    }

    private mutating func takeContentType(_ value: JSONView) throws(LineDefect) {
        if value.isNull || value.isString(equalTo: "application/json") { return }
        contentType = try value.nonEmptyString("datacontenttype")
    }

    private mutating func takeTime(_ value: JSONView) throws(LineDefect) {
        if value.isNull { return }
        let raw = value.rawBytes
        let time: Timestamp?
        if let bytes = value.plainStringBytes {
            time = Timestamp(rfc3339: bytes)
        } else {
            time = value.string.flatMap(Timestamp.init)
        }
        guard let time else {
            throw value.defect(
                "time",
                expected: "a date and time as in RFC 3339, such as 2026-11-20T03:47:00+01:00"
            )
        }
        self.time = time
        // Only a text in UTC can be the one that is written.
        let isCanonical =
            raw[raw.count - 2] == UInt8(ascii: "Z") && value.isString(equalTo: time.description)
        timeText = isCanonical ? nil : value.range
    }

    private mutating func takeExtension(
        _ key: JSONView,
        _ value: JSONView
    ) throws(LineDefect) {
        if key.isString(equalTo: "data_base64") {
            guard let bytes = value.base64 else {
                throw value.defect("data_base64", expected: "base64 with padding")
            }
            binaryData = bytes
        } else if key.isString(equalTo: "revision"), !value.isNull {
            guard let number = value.unsignedInteger, let revision = UInt32(exactly: number),
                revision > 0
            else { throw value.defect("revision", expected: "a whole number from 1") }
            self.revision = revision
        } else if key.isString(equalTo: "tags"), let tags = value.string.flatMap(TagList.tags) {
            self.tags = tags
        } else {
            if key.isString(equalTo: "metadata") {
                metadata = value.string.map { Array($0.utf8) }
            } else if key.isString(equalTo: "metadatabase64") {
                metadata = value.base64
            }
            if otherCount > 0 { others.append(UInt8(ascii: ",")) }
            others.append(key.rawBytes)
            others.append(UInt8(ascii: ":"))
            others.append(value.rawBytes)
            otherCount += 1
        }
    }
}

extension JSONView {
    /// Where the value's text stands in the parsed line.
    fileprivate var range: Range<Int> { byteOffset..<byteOffset + rawBytes.count }

    fileprivate func defect(_ name: String, expected: String) -> LineDefect {
        LineDefect(.invalidAttribute(name, expected: expected), at: byteOffset)
    }

    fileprivate func nonEmptyString(_ name: String) throws(LineDefect) -> String {
        guard let string, !string.isEmpty else {
            throw defect(name, expected: "a text that is not empty")
        }
        return string
    }

    fileprivate func text(of name: String) throws(LineDefect) -> CloudEventAttributes.Text {
        guard kind == .string, rawBytes.count > 2 else {
            throw defect(name, expected: "a text that is not empty")
        }
        let isPlain = plainStringBytes != nil
        return CloudEventAttributes.Text(
            raw: range,
            decoded: isPlain ? nil : string.map { Array($0.utf8) }
        )
    }

    fileprivate var base64: [UInt8]? {
        if let bytes = plainStringBytes { return Base64.decoded(bytes) }
        // A slash may be escaped.
        return string.flatMap { Base64.decoded($0.utf8.span) }
    }
}

extension [UInt8] {
    /// Appends the bytes of a span.
    mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
