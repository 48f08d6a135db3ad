import EventModel
import Testing

@Test(arguments: [
    ("1970-01-01T00:00:00Z", 0),
    ("2010-12-01T08:26:00+00:00", 1_291_191_960_000_000),
    ("2013-06-15T14:25:14+10:00", 1_371_270_314_000_000),
    ("2013-01-01T05:17:00.25-05:00", 1_357_035_420_250_000),
    ("1969-12-31T23:59:59.999999Z", -1),
    ("2000-02-29t12:00:00.1234567z", 951_825_600_123_456),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
])
func `reads RFC 3339`(_ text: String, _ microseconds: Int64) {
    #expect(Timestamp(text) == Timestamp(microseconds: microseconds))
}

@Test(arguments: [
    "", "2010-12-01", "2010-12-01T08:26:00", "2010-13-01T00:00:00Z", "2011-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z", "2010-12-01T24:00:00Z", "2010-12-01T08:26:60Z",
    "2010-12-01T08:26:00.Z", "2010-12-01T08:26:00Zx", "2010-12-01T08:26:00+1:00",
    "2010-12-01T08:26:00+25:00", "+010-12-01T08:26:00Z", "9999999-01-01T00:00:00Z",
])
func `refuses what is not RFC 3339 with an offset`(_ text: String) {
    #expect(Timestamp(text) == nil)
}

@Test(arguments: [
    (0, "1970-01-01T00:00:00Z"),
    (-1, "1969-12-31T23:59:59.999999Z"),
    (1_357_035_420_250_000, "2013-01-01T10:17:00.250Z"),
    (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
])
func `writes UTC with the decimals it needs`(_ microseconds: Int64, _ text: String) {
    #expect(Timestamp(microseconds: microseconds).description == text)
}

@Test func `every day from 1600 to 2400 survives text and back`() {
    let day: Int64 = 86_400_000_000
    for number in Int64(-135_140)...157_054 {
        let time = Timestamp(microseconds: number * day + 1)
        #expect(Timestamp(time.description) == time)
    }
}

@Test func `the extremes can be written`() {
    for microseconds in [Int64.min, .max] {
        #expect(!Timestamp(microseconds: microseconds).description.isEmpty)
    }
}
