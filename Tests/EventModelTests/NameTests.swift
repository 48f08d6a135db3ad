import EventModel
import Testing

@Test func `a category ends at the first dash`() {
    #expect(StreamName("subscription-42-b").category == Category("subscription"))
    #expect(StreamName("subscription-42-b").identifier == "42-b")
    #expect(StreamName("ledger").category == Category("ledger"))
    #expect(StreamName("ledger").identifier == "")
    #expect(StreamName("-42").category == Category(""))
}

@Test func `names are compared by bytes`() {
    #expect(StreamName("é") != StreamName("e\u{301}"))
    #expect(Set([EventType("é"), EventType("e\u{301}"), EventType("é")]).count == 2)
    #expect(StreamName("B") < StreamName("a"))
}

@Test func `a tag's key ends at the first colon`() {
    #expect(EventTag("customer:a:b") == EventTag(key: "customer", value: "a:b"))
    #expect(EventTag("customer") == nil)
    #expect(EventTag(":x") == nil)
}

@Test func `an identity survives text and back`() {
    let id = EventID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    #expect(id.description == "01234567-89ab-cdef-fedc-ba9876543210")
    #expect(EventID(id.description) == id)
    #expect(EventID("01234567-89AB-CDEF-FEDC-BA9876543210") == id)
    for text in [
        "", "0123456789abcdef", "01234567-89ab-cdef-fedc-ba987654321",
        "g1234567-89ab-cdef-fedc-ba9876543210", "01234567-89ab-cdef-fedc-ba98765432100",
    ] {
        #expect(EventID(text) == nil)
    }
}

@Test func `new identities are ordered by time and marked as version 7`() {
    var generator = SystemRandomNumberGenerator()
    let early = EventID(time: Timestamp(microseconds: 1_000_000), using: &generator)
    let late = EventID(time: Timestamp(microseconds: 2_000_000), using: &generator)
    #expect(early.high < late.high)
    #expect(early.high >> 12 & 0xF == 7 && early.low >> 62 == 2)
}
