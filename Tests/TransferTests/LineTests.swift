import EventLog
import EventModel
import EventStorage
import JSON
import Operations
import RecountTesting
import Testing

@Test func `a line becomes an event`() throws {
    let fixture = try Fixture()
    let more = #","traceparent":"00-1","revision":3,"tags":"customer:7,colour:a%2Cb""#
    _ = try fixture.importing(text: line(more: more, data: #""data": {"a": 1.0, "b":"\/"} "#))
    let event = try #require(try fixture.store.event(at: Position(1)))
    #expect(event.stream == StreamName("cart-1"))
    #expect(event.type == EventType("Tested"))
    #expect(event.revision == 3)
    #expect(event.eventTime == Timestamp("2026-11-20T03:47:00Z"))
    #expect(event.tags.map(\.description) == ["customer:7", "colour:a,b"])
    #expect(event.payload == Array(#"{"a": 1.0, "b":"\/"}"#.utf8))
    #expect(
        String(decoding: event.metadata, as: UTF8.self)
            == #"{"id":"1","source":"urn:test","traceparent":"00-1"}"#
    )
}

@Test func `the event id is that of the documented digest`() throws {
    let fixture = try Fixture()
    _ = try fixture.importing(text: line())
    // The first 16 bytes of SHA-256 over 0000000000000008 "urn:test" 0000000000000001 "1".
    #expect(
        try fixture.store.event(at: Position(1))?.id
            == EventID("50e792cd-ac66-8330-bdd7-76c232ffba51")
    )
}

@Test func `ids and sources that only join to the same text stay apart`() throws {
    let fixture = try Fixture()
    let one = line(id: "1")
    let other = one.replacing(#""1","source":"urn:test""#, with: #""t1","source":"urn:tes""#)
    #expect(try fixture.importing(text: one + other).addedCount == 2)
}

@Test func `blank lines, carriage returns and a last line without an end are fine`() throws {
    let fixture = try Fixture()
    let text = "\n\r\n" + line(id: "1").dropLast() + "\r\n \t\n" + line(id: "2").dropLast()
    #expect(try fixture.importing(text: text).addedCount == 2)
    #expect(try fixture.exportedText() == line(id: "1") + line(id: "2"))
}

@Test(
    "what an export wrote is written again",
    arguments: [
        line(data: #""data":null"#),
        line(data: #""data":"text""#),
        line(data: #""data":[1,2.50,-0]"#),
        line(data: #""data_base64":"AP8K""#),
        line(more: #","revision":2,"tags":"a:b","dataschema":"urn:x","n":1,"flag":true"#),
        line().replacing("03:47:00Z", with: "03:47:00.123456789+05:30"),
        line().replacing(",\"data\":{\"a\":1}", with: ""),
        line(id: #"a\"\u00e9/"#),
        line(more: #","tags":"no tags""#),
        line(more: #","metadata":"mine""#),
    ]
)
func sameLine(_ text: String) throws {
    let fixture = try Fixture()
    _ = try fixture.importing(text: text)
    #expect(try fixture.exportedText() == text)
}

@Test(
    "a line that is no event is named with place and reason",
    arguments: [
        ("nonsense", 0, ImportFailure.Reason.invalidJSON(.invalidLiteral)),
        ("[]", 0, .notAnObject),
        (line().replacing(#""specversion":"1.0","#, with: ""), 0, .missingAttribute("specversion")),
        (line().replacing(#""id":"1","#, with: ""), 0, .missingAttribute("id")),
        (line().replacing(#""source":"urn:test","#, with: ""), 0, .missingAttribute("source")),
        (line().replacing(#""type":"Tested","#, with: ""), 0, .missingAttribute("type")),
        (line().replacing(#""subject":"cart-1","#, with: ""), 0, .missingAttribute("subject")),
        (
            line().replacing(#""1.0""#, with: #""0.3""#), 15,
            .invalidAttribute("specversion", expected: "the text \"1.0\"")
        ),
        (
            line().replacing(#""Tested""#, with: "7"), 57,
            .invalidAttribute("type", expected: "a text that is not empty")
        ),
        (
            line(more: #","revision":0"#), 163,
            .invalidAttribute("revision", expected: "a whole number from 1")
        ),
        (
            line(subject: "$operations"), 76,
            .invalidAttribute("subject", expected: "a name that does not start with '$'")
        ),
        (
            line(data: #""data_base64":"A""#), 166,
            .invalidAttribute("data_base64", expected: "base64 with padding")
        ),
        (line(more: #","data_base64":"""#), 176, .dataTwice),
        (line(more: #","id":"2""#), 152, .invalidJSON(.duplicateKey)),
    ]
)
func defects(_ text: String, _ byteOffset: Int, _ reason: ImportFailure.Reason) throws {
    let fixture = try Fixture()
    let path = try fixture.file("bad.ndjson", line(id: "good") + text + "\n")
    let failure = ImportFailure(source: path, line: 2, byteOffset: byteOffset, reason: reason)
    #expect(throws: ImportError.line(failure)) { try fixture.importing(path) }
    #expect(try fixture.store.head() == Position(1))
}

@Test(
    "a time without an offset or a date that does not exist is refused",
    arguments: ["2026-11-20T03:47:00", "2026-02-30T03:47:00Z", "yesterday", "2026-11-20"]
)
func times(_ text: String) throws {
    let fixture = try Fixture()
    let error = #expect(throws: ImportError.self) {
        try fixture.importing(text: line().replacing("2026-11-20T03:47:00Z", with: text))
    }
    guard case .line(let failure) = error, case .invalidAttribute("time", _) = failure.reason else {
        Issue.record("expected a wrong time, not \(String(describing: error))")
        return
    }
}
