import EventModel
import EventSchema
import JSON
import Testing

private enum NoteEvent: DomainEvent, Equatable {
    case noted(text: Text)

    static let forms = EventForms(prefix: "Note", cases: "noted")
}

/// Takes what it is given, as deep as that is.
private indirect enum Text: Codable, Equatable {
    case string(String)
    case list([Text])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else {
            self = .list(try container.decode([Text].self))
        }
    }

    func encode(to encoder: any Encoder) throws {}
}

private func decode(_ payload: [UInt8]) throws(EventCodecError) -> NoteEvent {
    try EventCodec<NoteEvent>().decode("NoteNoted", payload: payload.span)
}

private func decodingFailure(_ payload: [UInt8]) -> String? {
    do {
        _ = try decode(payload)
        return nil
    } catch {
        return error.description
    }
}

private let start = Array(#"{"text":"#.utf8)

@Test(
    arguments: [
        (#"{"text":"a","text":"b"}"#, "an object has a key twice (at byte 12)"),
        (#"{"text":"\ud800"}"#, "a string escapes half of a surrogate pair (at byte 9)"),
        (#"{"text":1e400}"#, "Expected Array<Any> but found number. at text"),
        (#"{"text":["a",[{}]]}"#, "Expected Array<Any> but found object. at text[1][0]"),
        (#"{"text":"#, "the text ends too early (at byte 8)"),
        ("no json", "a word is none of true, false and null (at byte 0)"),
    ] as [(String, String)]
)
func `a payload that does harm is refused with its place`(payload: String, reason: String) {
    #expect(
        decodingFailure(Array(payload.utf8))
            == "NoteNoted (revision 1): the payload does not fit: \(reason)"
    )
}

@Test func `invalid UTF-8 is refused at its first byte`() {
    let failure = decodingFailure(start + [0x22, 0x61, 0xC0, 0xAF, 0x22, 0x7D])
    #expect(failure?.hasSuffix("the text is not valid UTF-8 (at byte 10)") == true)
}

@Test(arguments: ["[", #"{"a":"#])
func `ten million levels are refused at the first one too many`(level: String) {
    var payload = start
    payload.reserveCapacity(10_000_000 * level.utf8.count + start.count)
    for _ in 0..<10_000_000 { payload.append(contentsOf: level.utf8) }
    let place = start.count + 63 * level.utf8.count
    let reason = "arrays and objects are nested too deeply (at byte \(place))"
    #expect(decodingFailure(payload)?.hasSuffix(reason) == true)
}

@Test func `the largest payload is decoded, and refused at its end where that is missing`() throws {
    let size = 16 << 20
    var payload = start + [UInt8(ascii: "\"")]
    payload += [UInt8](repeating: UInt8(ascii: "a"), count: size - start.count - 3)
    #expect(
        decodingFailure(payload)?.hasSuffix("a string is not closed (at byte \(start.count))")
            == true
    )
    payload += Array("\"}".utf8)
    guard case .noted(text: .string(let text)) = try decode(payload) else {
        Issue.record("a text was expected")
        return
    }
    #expect(text.utf8.count == size - start.count - 3)
}

@Test func `a message is short, however long what it is about`() throws {
    let digits = [UInt8](repeating: UInt8(ascii: "9"), count: 1_000_000)
    let number = #expect(throws: DecodingError.self) {
        try JSONEventDecoder().decode(Int.self, from: digits)
    }
    let key = [UInt8](repeating: UInt8(ascii: "k"), count: 1_000_000)
    let member = Array(#"{""#.utf8) + key + Array(#"":1e400}"#.utf8)
    let path = #expect(throws: DecodingError.self) {
        try JSONEventDecoder().decode([String: Double].self, from: member)
    }
    for error in [number, path] {
        let text = EventCodecError.describe(try #require(error))
        #expect(text.utf8.count < 300 && text.contains("The number "))
    }
}
