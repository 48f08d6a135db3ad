import CYAML

/// One step through a YAML text.
struct Event {
    enum Kind {
        case documentStart
        case documentEnd
        case scalar(String, style: YAMLNode.Style)
        case sequenceStart
        case mappingStart
        case containerEnd
        case alias(String)
        case end
    }

    let line: Int
    let column: Int
    let kind: Kind
    var anchor: String?

    func error(_ reason: String) -> YAMLError {
        YAMLError(line: line, column: column, reason: reason)
    }
}

/// Reads a text event by event with libyaml.
struct EventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(bytes: [UInt8]) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        text = .allocate(capacity: max(1, bytes.count))
        _ = text.update(fromContentsOf: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            text.deallocate()
            throw YAMLError(line: 1, column: 1, reason: "there is not enough memory")
        }
        // Without this, libyaml would guess UTF-16 from the first bytes.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event; the start of the text is passed over.
    mutating func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_START_EVENT { return try next() }
        return try EventReader.translated(event)
    }

    private static func translated(_ event: yaml_event_t) throws(YAMLError) -> Event {
        let kind: Event.Kind
        var anchor: UnsafeMutablePointer<yaml_char_t>?
        var tag: UnsafeMutablePointer<yaml_char_t>?
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_ALIAS_EVENT:
            kind = .alias(string(event.data.alias.anchor))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            (anchor, tag) = (scalar.anchor, scalar.tag)
            let buffer = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
            kind = .scalar(String(decoding: buffer, as: UTF8.self), style: style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            (anchor, tag) = (event.data.sequence_start.anchor, event.data.sequence_start.tag)
            kind = .sequenceStart
        case YAML_MAPPING_START_EVENT:
            (anchor, tag) = (event.data.mapping_start.anchor, event.data.mapping_start.tag)
            kind = .mappingStart
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .containerEnd
        default: kind = .end
        }
        var translated = Event(
            line: Int(event.start_mark.line) + 1,
            column: Int(event.start_mark.column) + 1,
            kind: kind
        )
        if tag != nil { throw translated.error("tags are not supported") }
        translated.anchor = anchor.map { string($0) }
        return translated
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLNode.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String {
        text.map { String(decodingCString: $0, as: UTF8.self) } ?? ""
    }

    /// The error that made the parser stop.
    private func failure() -> YAMLError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "the text cannot be parsed"
        if state.error == YAML_READER_ERROR {
            return readerFailure(problem, byteOffset: Int(state.problem_offset))
        }
        let context = state.context.map { String(cString: $0) + ": " } ?? ""
        return YAMLError(
            line: Int(state.problem_mark.line) + 1,
            column: Int(state.problem_mark.column) + 1,
            reason: context + problem
        )
    }

    /// An error about bytes that are no text, for which libyaml tells only the offset.
    private func readerFailure(_ problem: String, byteOffset: Int) -> YAMLError {
        var (line, column) = (1, 1)
        for byte in text.prefix(byteOffset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return YAMLError(line: line, column: column, reason: problem)
    }
}
